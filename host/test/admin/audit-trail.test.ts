import { expect } from 'chai';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { AuditTrail } from '../../src/admin/audit-trail';
import { Logging } from '../../src/log/logging';
import { deferred, rejection, stopAll, temporaryFolder } from '../support/launch';

const action = (command: string): { user: string; command: string; args: string[] } => ({
  user: 'me',
  command,
  args: ['a'],
});

describe('O4 audit trail', () => {
  let path: string;
  const clock = new FakeClock();
  const logging = new Logging({ clock, destination: { write: () => undefined } });
  const open = (): AuditTrail => new AuditTrail(path, clock, logging.logger('host.admin'));
  const outcomes = async (trail = open()): Promise<string[]> =>
    (await trail.read()).entries.map(({ command, outcome }) => `${command}: ${outcome}`);

  beforeEach(() => (path = join(temporaryFolder(), 'audit.log')));
  afterEach(stopAll);

  it('keeps an action with its result, and says of one that runs that it does', async () => {
    const trail = open();
    const gate = deferred();
    const running = trail.record(action('update'), () => gate.promise);
    await rejection(trail.record(action('stop'), () => Promise.reject(new Error('no such bundle'))));
    expect(await outcomes(trail)).to.deep.equal(['update: running', 'stop: no such bundle']);
    gate.resolve();
    await running;
    expect(await outcomes(trail)).to.deep.equal(['update: done', 'stop: no such bundle']);
  });

  it('shows what a host was at that died', async () => {
    await new Promise<void>((begun) => {
      const work = (): Promise<void> => {
        begun();
        return new Promise(() => undefined);
      };
      void open().record(action('update'), work);
    });
    const next = open();
    await next.record(action('start'), () => Promise.resolve());
    expect(await outcomes(next)).to.deep.equal(['update: interrupted', 'start: done']);
    expect((await next.read()).intact).to.equal(true);
  });

  it('goes on after a line that a crash tore, and finds one that was changed by hand', async () => {
    await open().record(action('stop'), () => Promise.resolve());
    appendFileSync(path, '{"time":"2026-01-01T00:00');
    await open().record(action('start'), () => Promise.resolve());
    expect(await open().read()).to.have.property('intact', true);
    expect(await outcomes()).to.deep.equal(['stop: done', 'start: done']);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"stop"', '"halt"'));
    expect(await open().read()).to.have.property('intact', false);
  });

  it('a disk that takes nothing keeps nobody from working', async () => {
    mkdirSync(path);
    expect(await open().record(action('gc'), () => Promise.resolve('freed'))).to.equal('freed');
    expect(logging.entries().at(-1)).to.include({ level: 'error', message: 'the audit trail cannot be written' });
    rmSync(path, { recursive: true });
  });
});
