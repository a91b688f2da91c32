import type { DiagnosticRequest, Finding } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { databaseChecks } from '../src/diagnosis';
import { counterSchema } from './support/counter-schema';
import { TestPlace } from './support/dialects';
import { systemClock } from './support/system-clock';

const request: DiagnosticRequest = { signal: new AbortController().signal };

describe('what the doctor says of update tasks', () => {
  it('tells nothing good of those that are running, or that nobody asked for', async () => {
    const place = await TestPlace.sqlite();
    const { database } = place;
    const settings = { database: place.settings, updateTaskWait: 1000 };
    const checks = databaseChecks({ database, failure: undefined }, settings, systemClock);
    const migrations = checks.find(({ name }) => name === 'migrations');
    const examined = async (): Promise<string[]> => ((await migrations?.run(request)) ?? []).map(wordsOf);

    expect(await examined()).to.deep.equal(['skipped: no bundle has asked for its tables yet']);
    const gate = { open: (): void => undefined };
    const opened = new Promise<void>((resolve) => (gate.open = resolve));
    const schema = { ...counterSchema(0), tasks: [{ name: 'counter.slow', description: 'waits', run: () => opened }] };
    const connecting = database.connect(schema, request);
    expect(await examined()).to.deep.equal(['warn: update tasks of counter are running']);
    gate.open();
    await connecting;
    expect(await examined()).to.deep.equal(['ok: all 1 update tasks ran']);
    await place[Symbol.asyncDispose]();
  });
});

function wordsOf({ verdict, message }: Finding): string {
  return `${verdict}: ${message}`;
}
