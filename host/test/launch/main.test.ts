import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBundle } from '../support/bundles';
import { stopAll, temporaryFolder } from '../support/launch';
import { killAll, MainProcess, oxtender } from '../support/main-process';

/** A component with a route, a configuration and a command, in plain JavaScript as a compiler would write it. */
const code = `
const api = require('@oxtender/bundle-api');
class Hello {
  constructor(config, log) {
    this.config = config;
    log.info('configured', { greeting: config['hello.text'], url: config['hello.url'] });
    this.routes = async (ctx) => {
      if (ctx.path === '/slow') {
        log.info('slow begins');
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      ctx.body = config['hello.text'];
    };
  }
}
api.Config()(Hello, undefined, 0);
api.Inject(api.Logger)(Hello, undefined, 1);
api.Component({ provides: [api.HttpRoutes], configurationPid: ['hello'], properties: { 'http.path': '/hello' } })(Hello);
class Count {
  constructor() {
    this.name = 'hello:count';
    this.description = 'count the bytes of files';
    this.args = [{ name: 'file', description: 'files', required: true, many: true, file: true }];
    this.options = [{ name: 'times', description: 'factor', type: 'number', default: 1 }];
  }
  async run({ args, options, progress }) {
    progress('counting');
    const { statSync } = require('node:fs');
    return args.map((file) => ({ file, bytes: statSync(file).size * options.times }));
  }
}
api.Component({ name: 'count', provides: [api.ConsoleCommand] })(Count);
class Needs {}
api.Reference(api.serviceToken('test.Missing'))(Needs, undefined, 0);
api.Component({ name: 'needs', enabled: false })(Needs);
Object.assign(exports, { Hello, Count });
if (module.filename.includes('needy')) exports.Needs = Object.assign(Needs);
`;

const manifest = {
  symbolicName: 'test.hello',
  activator: undefined as never,
  components: ['./index.js'],
  http: { reserves: ['/hello'] },
  configuration: {
    hello: {
      type: 'object',
      properties: {
        'hello.text': { type: 'string', default: 'hello', minLength: 1 },
        'hello.url': { type: 'string' },
        'hello.password': { type: 'string', 'x-secret': true },
      },
    },
  },
};

function prepareFolders(): { data: string; bundles: string; args: string[] } {
  const root = temporaryFolder();
  const bundles = join(root, 'bundles');
  writeBundle('hello', { manifest, code }, join(bundles, 'hello'));
  return { data: join(root, 'data'), bundles, args: ['--bundles', bundles, '--set', 'hello.url=${host.url}/ajax'] };
}

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
    const before = host.lines.length;
    writeFileSync(join(data, 'conf', 'hello.properties'), '# mine\nhello.text = moin\n');
    await host.logged('configured', before);
    expect(await text()).to.equal('moin');
    const middle = host.lines.length;
    writeFileSync(join(data, 'conf', 'hello.properties'), 'hello.text =\n');
    await host.logged('configuration refused, the last good one stays', middle);
    expect(await text()).to.equal('moin');
    const health = await host.oxtender('health', '--json');
    expect(health.out).to.contain('hello.properties:1: hello.text must NOT have fewer than 1 characters');
  });

  describe('oxtender', () => {
    it('has a socket for its user alone', async () => {
      const { data, args } = prepareFolders();
      await MainProcess.start(data, args).ready();
      expect(statSync(join(data, 'oxtender.sock')).mode & 0o777).to.equal(0o600);
    });

    it('O1 exit status: 0 done, 1 failed, 2 called wrongly or no host', async () => {
      const { data, args } = prepareFolders();
      const host = MainProcess.start(data, args);
      await host.ready();
      const statuses = await Promise.all(
        [['lb'], ['stop', 'nothing'], ['stop'], ['frobnicate'], ['lb', '--nonsense'], ['help'], ['help', 'stop']].map(
          async (words) => (await host.oxtender(...words)).status,
        ),
      );
      expect(statuses).to.deep.equal([0, 1, 2, 2, 2, 0, 0]);
      const none = await oxtender('--data', join(data, 'none'), 'lb');
      expect(none.status).to.equal(2);
      expect(none.error).to.contain('no host runs on').and.to.contain('oxtender run --data');
    });

    it('O2 O4 tells consequences, does it, and keeps who did what; secrets are kept nowhere', async () => {
      const { data, args } = prepareFolders();
      const host = MainProcess.start(data, args);
      await host.ready();
      const planned = await host.oxtender('disable', 'hello', '--dry-run');
      expect(planned.out).to.contain('stops: test.hello').and.to.contain('routes that answer 503: /hello');
      expect((await host.oxtender('lb')).out).to.match(/ACTIVE .*test\.hello/);
      await host.oxtender('disable', 'hello');
      expect((await host.oxtender('lb')).out).to.contain('disabled');
      expect(readFileSync(join(data, 'bundle.d', 'test.hello.properties'), 'utf8')).to.contain('enabled = false');
      await host.oxtender('enable', 'hello');
      await host.oxtender('config', 'set', 'hello', 'hello.password=geheim');
      expect((await host.oxtender('config', 'get', 'hello', 'hello.password', '--json')).out).to.contain('***');
      const { out } = await host.oxtender('history', '--json');
      const history = (JSON.parse(out) as { command: string; outcome: string }[]).map(
        ({ command, outcome }) => `${command}: ${outcome}`,
      );
      expect(history).to.deep.equal([
        'disable hello: done',
        'enable hello: done',
        'config set hello hello.password=***: done',
      ]);
      const everything = [
        JSON.stringify(host.lines),
        readFileSync(join(data, 'audit.log'), 'utf8'),
        (await host.oxtender('dump')).out,
      ];
      expect(everything.join()).to.not.contain('geheim');
      writeFileSync(
        join(data, 'audit.log'),
        readFileSync(join(data, 'audit.log'), 'utf8').replace('disable', 'enable '),
      );
      expect((await host.oxtender('history')).out).to.contain('the chain of hashes is broken');
    });

    it("runs a bundle's command in the host, with the paths of files made absolute", async () => {
      const { data, args, bundles } = prepareFolders();
      const host = MainProcess.start(data, args);
      await host.ready();
      const file = join(bundles, 'hello', 'package.json');
      const relative = join('..', '..', '..', '..', '..', '..', '..', '..', file);
      const { out, status } = await host.oxtender('hello:count', '--json', '--times', '2', relative);
      expect(status).to.equal(0);
      expect(JSON.parse(out)).to.deep.equal([{ file, bytes: 2 * statSync(file).size }]);
      expect((await host.oxtender('help')).out).to.contain('hello:count');
      await host.oxtender('stop', 'hello');
      expect((await host.oxtender('hello:count', file)).status).to.equal(2);
    });

    it('explain names what is missing and what to do about it', async () => {
      const { data, args, bundles } = prepareFolders();
      writeBundle(
        'needy',
        { manifest: { ...manifest, symbolicName: 'test.needy', configuration: {}, http: {} }, code },
        join(bundles, 'needy'),
      );
      const host = MainProcess.start(data, args);
      await host.ready();
      await host.oxtender('scr', 'enable', 'needs');
      const { out } = await host.oxtender('explain', 'needy');
      expect(out).to.contain(
        'since service test.Missing is not there, and no installed bundle says that it provides it',
      );
      expect(out).to.contain('← component needs of test.needy waits for test.Missing');
      await host.oxtender('stop', 'hello');
      expect((await host.oxtender('explain', 'hello')).out).to.equal(
        'Bundle test.hello was stopped. To change that: oxtender start test.hello\n',
      );
    });

    it('shell reads commands from its input', async () => {
      const { data, args } = prepareFolders();
      mkdirSync(join(data, '..', 'home'));
      const host = MainProcess.start(data, args);
      await host.ready();
      const shell = spawnSync(
        process.execPath,
        [join(__dirname, '../../../bin/oxtender.js'), '--data', data, 'shell'],
        {
          input: 'lb --json\nstop "no such"\nstartlevel\nexit\nlb\n',
          encoding: 'utf8',
          env: { ...process.env, HOME: join(data, '..', 'home') },
        },
      );
      expect(shell.status).to.equal(0);
      expect(shell.stdout).to.contain('"test.hello"').and.to.contain('level 100');
      expect(shell.stderr).to.contain('there is no bundle no such');
    });

    it('completes commands, their parts, options and names', async () => {
      const { data, args } = prepareFolders();
      const host = MainProcess.start(data, args);
      await host.ready();
      const complete = async (...words: string[]): Promise<string[]> =>
        (await host.oxtender('complete', '--', ...words)).out.split('\n').filter(Boolean);
      expect(await complete('startl')).to.deep.equal(['startlevel']);
      expect(await complete('log', '')).to.deep.equal(['get', 'level', 'tail']);
      expect(await complete('stop', 'test.')).to.deep.equal(['test.hello']);
      expect(await complete('stop', '--dr')).to.deep.equal(['--dry-run']);
      expect(await complete('config', 'get', 'he')).to.deep.equal(['hello']);
      expect(await complete('hello:count', '')).to.deep.equal([]);
    });
  });
});
