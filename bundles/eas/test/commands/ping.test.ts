import { GroupwareError, SyncError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { Ping as PingCommand } from '../../src/commands/ping';
import { type Element, Ping, element } from '../../src/wbxml';
import { ScriptedSession, execute, services } from './scripted-call';

function ping(heartbeat: number | undefined, ids: readonly string[] | undefined): Element {
  const folders = ids?.map((id) => element(Ping.Folder, element(Ping.Id, id), element(Ping.Class, 'Email')));
  return element(
    Ping.Ping,
    heartbeat === undefined ? undefined : element(Ping.HeartbeatInterval, heartbeat),
    folders && element(Ping.Folders, folders),
  );
}

const read = (answer: Element | undefined) => answer?.children.map((child) => [child.tag.name, child.text]);

describe('Ping', () => {
  it('answers 1 when the time is over', async () => {
    expect(read(await execute(PingCommand, ping(120, ['F1']), new ScriptedSession()))).to.deep.equal([['Status', '1']]);
  });

  it('answers 2 with the folders that changed', async () => {
    const scripted = new ScriptedSession();
    scripted.onWait = () => Promise.resolve({ reason: 'changes', collections: ['F2'], hierarchy: false });
    const answer = await execute(PingCommand, ping(120, ['F1', 'F2']), scripted);
    expect(answer?.child(Ping.Status)?.text).to.equal('2');
    expect(answer?.child(Ping.Folders)?.children.map(({ text }) => text)).to.deep.equal(['F2']);
  });

  it('answers 3 when something was never said, and remembers what was', async () => {
    const scripted = new ScriptedSession();
    expect(read(await execute(PingCommand, undefined, scripted))).to.deep.equal([['Status', '3']]);
    expect(read(await execute(PingCommand, ping(120, undefined), scripted))).to.deep.equal([['Status', '3']]);
    await execute(PingCommand, ping(120, ['F1']), scripted);
    await execute(PingCommand, undefined, scripted);
    await execute(PingCommand, ping(600, undefined), scripted);
    const waited = scripted.waited.map(({ timeout, collections }) => [
      timeout,
      collections.map((each) => each.collectionId),
    ]);
    expect(waited).to.deep.equal([
      [120_000, ['F1']],
      [120_000, ['F1']],
      [600_000, ['F1']],
    ]);
  });

  it('answers 5 with the nearest interval', async () => {
    for (const [asked, limit] of [
      [1, '60'],
      [99_999, '3540'],
    ] as const) {
      expect(read(await execute(PingCommand, ping(asked, ['F1']), new ScriptedSession()))).to.deep.equal([
        ['Status', '5'],
        ['HeartbeatInterval', limit],
      ]);
    }
  });

  it('answers 6 with the limit for too many folders', async () => {
    expect(read(await execute(PingCommand, ping(60, ['F1', 'F2', 'F3', 'F4']), new ScriptedSession()))).to.deep.equal([
      ['Status', '6'],
      ['MaxFolders', '3'],
    ]);
  });

  it('answers 7 for an unknown folder, and when folders changed', async () => {
    expect(read(await execute(PingCommand, ping(60, ['F99']), new ScriptedSession()))).to.deep.equal([['Status', '7']]);
    const changed = new ScriptedSession();
    changed.onWait = () => Promise.resolve({ reason: 'changes', collections: [], hierarchy: true });
    expect(read(await execute(PingCommand, ping(60, ['F1']), changed))).to.deep.equal([['Status', '7']]);
    for (const error of [new SyncError('UNKNOWN_COLLECTION', 'gone'), new GroupwareError('NOT_FOUND', 'gone')]) {
      const gone = new ScriptedSession();
      gone.onWait = () => Promise.reject(error);
      expect(read(await execute(PingCommand, ping(60, ['F1']), gone))).to.deep.equal([['Status', '7']]);
    }
  });

  it('ends early when the bundle stops, so that the device asks the next generation', async () => {
    const scripted = new ScriptedSession();
    const draining = new AbortController();
    scripted.onWait = ({ end }) =>
      new Promise((resolve) => {
        end?.addEventListener('abort', () => resolve({ reason: 'timeout', collections: [], hierarchy: false }));
        draining.abort();
      });
    const command = new PingCommand(services({}, draining.signal));
    expect(read(await execute(PingCommand, ping(60, ['F1']), scripted, { command }))).to.deep.equal([['Status', '1']]);
  });
});
