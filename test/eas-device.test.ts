import { DisposableStore } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DataFolder, HostProcess, root } from './support/host-process';

/** The program that operators try servers with, against the real host. */
describe('eas-device', function () {
  this.timeout(120_000);
  const data = new DataFolder();
  const cleanUp = new DisposableStore();
  let host: HostProcess;

  before(async () => {
    cleanUp.add(data);
    host = await HostProcess.start(data.path);
    cleanUp.add(() => host[Symbol.asyncDispose]());
  });

  after(() => cleanUp.dispose());

  function run(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    const program = join(root, 'scripts', 'device', 'bin', 'eas-device.js');
    const account = ['--url', host.url, '--user', 'alice@example.com', '--password', 'secret'];
    return spawnSync(process.execPath, [program, ...account, ...args], { encoding: 'utf8' });
  }

  for (const profile of ['ios', 'android', 'samsung', 'outlook', 'tbsync', 'nokia']) {
    it(`synchronises everything as ${profile}`, () => {
      const { status, stdout, stderr } = run('--profile', profile, '--device-id', `CLI${profile}`, 'sync');
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
      expect(stdout).to.match(/^protocol \d+\.\d of /);
      expect(stdout).to.match(/^Inbox: [1-9]\d* items, \d+ requests, \d+ ms, status 1$/m);
    });
  }

  for (const version of ['2.5', '12.0', '12.1', '14.0', '14.1', '16.0', '16.1']) {
    it(`speaks ${version} when it is told to`, () => {
      const { status, stdout } = run('--version', version, '--device-id', `CLI${version}`, '--json', 'sync', '--items');
      expect(status).to.equal(0);
      const report = JSON.parse(stdout) as {
        protocol: { version: string };
        folders: { displayName: string; status: number; contents: { xml: string }[] }[];
      };
      expect(report.protocol.version).to.equal(version);
      expect(new Set(report.folders.map((folder) => folder.status))).to.deep.equal(new Set([1]));
      const tasks = report.folders.find(({ displayName }) => displayName === 'Tasks');
      expect(tasks?.contents[0]?.xml).to.include('<Tasks:Subject>');
    });
  }

  it('tells by its exit status what went wrong', () => {
    expect(run('--password', 'wrong', 'sync').status).to.equal(3);
    expect(run('--url', 'http://127.0.0.1:1', 'sync').status).to.equal(1);
    expect(run('--profile', 'toaster', 'sync').status).to.equal(2);
    expect(run('sync', 'No such folder').status).to.equal(2);
    expect(run('--help').status).to.equal(0);
  });
});
