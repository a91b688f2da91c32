import type { CommandCall, ConsoleCommand } from '@oxtender/bundle-api';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { join } from 'node:path';
import { AuditTrail } from '../../src/admin/audit-trail';
import { CommandRunner } from '../../src/admin/command-runner';
import { CommandSet } from '../../src/admin/command-set';
import { OperatorDoor } from '../../src/admin/operator-door';
import { Logging } from '../../src/log/logging';
import { launch, rejection, stopAll, temporaryFolder } from '../support/launch';

const { signal } = new AbortController();

describe('OperatorCommands', () => {
  let door: OperatorDoor;
  let trail: AuditTrail;
  let calls: Partial<CommandCall>[];

  beforeEach(async () => {
    const { context } = await launch();
    const note = ({ args, options, user }: CommandCall): Promise<unknown> => {
      calls.push({ args, options, user });
      return args[0] === 'bad' ? Promise.reject(new Error('it is bad')) : Promise.resolve([{ done: args }]);
    };
    const own: ConsoleCommand[] = [
      { name: 'look', description: '', options: [{ name: 'lines', description: '', default: 5 }], run: note },
      { name: 'config set', description: '', run: note, preview: () => Promise.resolve('plan'), text: () => 'text' },
    ];
    const commands = new CommandSet(context, own);
    const clock = new FakeClock();
    const log = new Logging({ clock, destination: { write: () => undefined } }).logger('test');
    trail = new AuditTrail(join(temporaryFolder(), 'audit.log'), clock, log);
    const isSecret = (_pid: string, key: string): boolean => key === 'x.key';
    door = new OperatorDoor(
      new CommandRunner({ commands, audit: trail, log, completions: () => [], isSecret }),
      commands,
      trail,
    );
    calls = [];
  });

  afterEach(stopAll);

  const kept = async () =>
    (await trail.read()).entries.map(({ user, command, args, outcome }) => [user, command, ...args, outcome]);

  it('lists the commands, and says which change something', () => {
    expect(door.list().map(({ name, mutating }) => [name, mutating])).to.deep.equal([
      ['look', false],
      ['config set', true],
    ]);
  });

  it('runs a command in the name of a user, with the defaults of its options', async () => {
    expect(await door.run({ command: 'look', args: ['a'], user: 'anna', signal })).to.deep.equal({
      result: [{ done: ['a'] }],
    });
    await door.run({ command: 'look', options: { lines: 1 }, user: 'anna', signal });
    expect(calls).to.deep.equal([
      { args: ['a'], options: { lines: 5 }, user: 'anna' },
      { args: [], options: { lines: 1 }, user: 'anna' },
    ]);
    expect(await kept(), 'looking is not kept').to.deep.equal([]);
  });

  it('keeps what changes something, also what failed; no secret, no dry run', async () => {
    const run = { command: 'config set', user: 'anna', signal };
    expect(await door.run({ ...run, dryRun: true })).to.deep.equal({ result: 'plan', text: 'text' });
    await door.run({ ...run, args: ['x', 'x.key=hidden', 'x.other=1'] });
    expect((await rejection(door.run({ ...run, args: ['bad'] }))).message).to.equal('it is bad');
    await door.audit({ user: 'bert', command: 'login', args: [], outcome: 'done' });
    expect(await kept()).to.deep.equal([
      ['anna', 'config set', 'x', 'x.key=***', 'x.other=1', 'done'],
      ['anna', 'config set', 'bad', 'it is bad'],
      ['bert', 'login', 'done'],
    ]);
  });

  it('refuses a command that is not there, and a dry run of one that changes nothing', async () => {
    const run = { user: 'anna', signal };
    expect((await rejection(door.run({ ...run, command: 'gone' }))).message).to.contain('there is no command gone');
    expect((await rejection(door.run({ ...run, command: 'look', dryRun: true }))).message).to.contain('no --dry-run');
  });
});
