import { expect } from 'chai';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareFolders } from '../support/hello-bundle';
import { stopAll } from '../support/launch';
import { cli, killAll, MainProcess } from '../support/main-process';

describe('the host as a program', function () {
  this.timeout(60_000);
  afterEach(async () => {
    await killAll();
    await stopAll();
  });

  it('is ready with one line, finishes requests in flight on SIGTERM, and ends with status 0', async () => {
    const { data, args } = prepareFolders();
    const host = MainProcess.start(data, args);
    const url = await host.ready();
    expect(host.output).to.deep.equal([`ready ${url}`]);
    expect(await host.logged('configured')).to.include({
      name: 'test.hello',
      level: 'info',
      greeting: 'hello',
      url: `${url}/ajax`,
    });
    const slow = fetch(`${url}/hello/slow`);
    await host.logged('slow begins');
    host.kill('SIGTERM');
    const response = await slow;
    expect([response.status, await response.text(), response.headers.get('connection')]).to.deep.equal([
      200,
      'hello',
      'close',
    ]);
    expect(await host.ended()).to.equal(0);
    expect(existsSync(join(data, 'oxtender.sock'))).to.equal(false);
  });

  it('is run by `oxtender run` on the folder that --data names', async () => {
    const { data, args } = prepareFolders();
    const host = MainProcess.start(data, args, [cli, 'run']);
    await host.ready();
    expect((await host.oxtender('lb')).out).to.contain('test.hello');
    host.kill('SIGTERM');
    expect(await host.ended()).to.equal(0);
  });

  it('has after a restart what it had, and SIGINT ends it as well', async () => {
    const { data, args } = prepareFolders();
    const first = MainProcess.start(data, args);
    await first.ready();
    await first.oxtender('stop', 'hello');
    first.kill('SIGINT');
    expect(await first.ended()).to.equal(0);
    const second = MainProcess.start(data);
    const url = await second.ready();
    const [row] = JSON.parse((await second.oxtender('bundles', '--json')).out) as Record<string, unknown>[];
    expect(row).to.include({ name: 'test.hello', state: 'INSTALLED', autostart: 'stopped' });
    expect((await fetch(`${url}/hello`)).status).to.equal(503);
    await second.oxtender('start', 'hello');
    expect((await fetch(`${url}/hello`)).status).to.equal(200);
  });

  it('refuses to run twice on one data folder, and after a crash takes the socket over', async () => {
    const { data, args } = prepareFolders();
    const first = MainProcess.start(data, args);
    await first.ready();
    const second = MainProcess.start(data, args);
    expect(await second.ended()).to.equal(1);
    expect(second.lines.at(-1)!.msg).to.contain('a host runs on this data folder already');
    first.kill('SIGKILL');
    await first.ended();
    const third = MainProcess.start(data, args);
    await third.ready();
  });

  it('P14 is ready without the bundles of host.disabled, without an error; they start when it is taken out', async () => {
    const { data, args } = prepareFolders();
    mkdirSync(join(data, 'conf'), { recursive: true });
    const file = join(data, 'conf', 'host.properties');
    writeFileSync(file, 'host.disabled = test.*\n');
    const host = MainProcess.start(data, args);
    const url = await host.ready();
    expect(host.lines.filter(({ level }) => level === 'error' || level === 'warn')).to.deep.equal([]);
    expect((await fetch(`${url}/hello`)).status).to.equal(404);
    writeFileSync(file, 'host.disabled =\n');
    await host.logged('configured');
    await host.oxtender('start', 'hello');
    expect((await fetch(`${url}/hello`)).status).to.equal(200);
  });

  it('tells what is wrong with its own options', async () => {
    const { data } = prepareFolders();
    const host = MainProcess.start(data, ['--set', 'host.log.level=loud']);
    expect(await host.ended()).to.equal(1);
    expect(host.lines.at(-1)!.msg).to.contain('host.log.level must be one of trace, debug, info, warn, error');
  });

  it('takes a changed file over while it runs, and keeps the last good one', async () => {
    const { data, args } = prepareFolders();
    const host = MainProcess.start(data, args);
    const url = await host.ready();
    const text = async (): Promise<string> => (await fetch(`${url}/hello`)).text();
    writeFileSync(join(data, 'conf', 'hello.properties'), '# mine\nhello.text = moin\n');
    await host.loggedLike(({ msg, greeting }) => msg === 'configured' && greeting === 'moin');
    expect(await text()).to.equal('moin');
    const middle = host.lines.length;
    writeFileSync(join(data, 'conf', 'hello.properties'), 'hello.text =\n');
    await host.logged('configuration refused, the last good one stays', middle);
    expect(await text()).to.equal('moin');
    const health = await host.oxtender('health', '--json');
    expect(health.out).to.contain('hello.properties:1: hello.text must NOT have fewer than 1 characters');
  });

  it('tells of a configuration that was bad when it started again, and does not call itself ready', async () => {
    const { data, args } = prepareFolders();
    const first = MainProcess.start(data, args);
    await first.ready();
    first.kill('SIGTERM');
    await first.ended();
    const file = join(data, 'conf', 'hello.properties');
    writeFileSync(file, 'hello.text =\n');
    const host = MainProcess.start(data, args);
    const fault = `${file}:1: hello.text must NOT have fewer than 1 characters`;
    const { waiting } = await host.logged('not ready yet');
    expect(waiting).to.equal(`Hello is unsatisfied-configuration: ${fault}`);
    const explained = await host.oxtender('explain', 'hello');
    expect(explained.out).to.contain('component Hello of test.hello has no good configuration').and.to.contain(fault);
    writeFileSync(file, 'hello.text = moin\n');
    expect(await (await fetch(`${await host.ready()}/hello`)).text()).to.equal('moin');
  });
});
