import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { chmodSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceManager } from '../../src/launch/service-manager';
import { Logging } from '../../src/log/logging';

describe('systemd', () => {
  const environment = process.env;
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = new Logging({ clock: { now: () => 0 }, destination }).logger('host.systemd');
  let folder: string;
  const told = (): string[] => readFileSync(join(folder, 'told'), 'utf8').split('\n').slice(0, -1);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oxtender-systemd-'));
    const program = join(folder, 'systemd-notify');
    writeFileSync(join(folder, 'told'), '');
    writeFileSync(program, `#!/bin/sh\necho "$@" >> ${folder}/told\n`);
    chmodSync(program, 0o755);
    const PATH = `${folder}:${environment.PATH}`;
    process.env = { ...environment, PATH, NOTIFY_SOCKET: '/run/systemd/notify' };
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    process.env = environment;
  });

  it('is told when the host serves and when it stops, and fed while its event loop turns', async () => {
    process.env.WATCHDOG_USEC = '30000000';
    const clock = new FakeClock();
    const manager = ServiceManager.fromEnvironment(clock, log)!;
    await manager.ready('http://127.0.0.1:8080');
    expect(told()).to.deep.equal(['READY=1 STATUS=serving http://127.0.0.1:8080']);
    using watching = disposable(watch(join(folder, 'told')));
    await clock.tick(10_000);
    while (told().length < 2) await once(watching.value, 'change');
    expect(told().at(-1)).to.equal('WATCHDOG=1');
    await manager.stopping();
    await clock.tick(60_000);
    expect(told().slice(2)).to.deep.equal(['STOPPING=1']);
  });

  it('is left alone where it does not ask', () => {
    delete process.env.NOTIFY_SOCKET;
    expect(ServiceManager.fromEnvironment(new FakeClock(), log)).to.equal(undefined);
  });

  it('that cannot be told is an error in the log', async () => {
    rmSync(join(folder, 'systemd-notify'));
    process.env.PATH = folder;
    await ServiceManager.fromEnvironment(new FakeClock(), log)!.ready('http://127.0.0.1:8080');
    expect(lines.join('')).to.include('systemd-notify failed: systemd does not know how the host is');
  });
});

function disposable<T extends { close(): void }>(value: T): Disposable & { value: T } {
  return { value, [Symbol.dispose]: () => value.close() };
}
