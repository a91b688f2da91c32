import type { BundleManifest } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { HostClient } from '../../src/cli/client';
import { writeBundle } from '../support/bundles';
import { code, manifest, prepareFolders } from '../support/hello-bundle';
import { stopAll, temporaryFolder } from '../support/launch';
import { killAll, MainProcess, oxtender } from '../support/main-process';

describe('oxtender', function () {
  this.timeout(60_000);
  let folders: ReturnType<typeof prepareFolders>;
  let host: MainProcess;

  before(async () => {
    folders = prepareFolders();
    host = MainProcess.start(folders.data, folders.args);
    await host.ready();
  });

  after(async () => {
    await killAll();
    await stopAll();
  });

  it('has a socket for its user alone', () => {
    const { data } = folders;
    expect(statSync(join(data, 'oxtender.sock')).mode & 0o777).to.equal(0o600);
  });

  it('O1 exit status: 0 done, 1 failed, 2 called wrongly or no host', async () => {
    const { data } = folders;
    const statuses = await Promise.all(
      [['lb'], ['stop', 'nothing'], ['stop'], ['frobnicate'], ['lb', '--nonsense'], ['help'], ['help', 'stop']].map(
        async (words) => (await host.oxtender(...words)).status,
      ),
    );
    expect(statuses).to.deep.equal([0, 1, 2, 2, 2, 0, 0]);
    const none = await oxtender(['--data', join(data, 'none'), 'lb']);
    expect(none.status).to.equal(2);
    expect(none.error).to.contain('no host runs on').and.to.contain('oxtender run --data');
  });

  it('O3 lb shows id, state, level, version, name, start and autostart; a pattern without a bundle is an error', async () => {
    const [row] = JSON.parse((await host.oxtender('lb', '--json')).out) as Record<string, unknown>[];
    expect(row).to.include({
      state: 'ACTIVE',
      note: '',
      level: 1,
      version: '1.0.0',
      name: 'test.hello',
      autostart: 'declared',
    });
    expect(row!.id).to.be.a('number');
    expect(Date.parse(row!.started as string)).to.be.greaterThan(0);
    const none = await host.oxtender('lb', 'nobody');
    expect(none.status).to.equal(1);
    expect(none.error).to.contain('nobody');
  });

  it('O8 boot reports times, failures and what waits', async () => {
    const [row] = JSON.parse((await host.oxtender('boot', '--json')).out) as Record<string, unknown>[];
    expect(row).to.include({ name: 'test.hello', state: 'ACTIVE', level: 1 });
    for (const part of ['resolve', 'load', 'start']) expect(row![part]).to.match(/^\d+ ms$/);
    expect(row!.waiting).to.deep.equal([]);
  });

  it('O2 O4 tells consequences, does it, and keeps who did what; secrets are kept nowhere', async () => {
    const { data } = folders;
    const planned = await host.oxtender('disable', 'hello', '--dry-run');
    expect(planned.out).to.contain('stops: test.hello').and.to.contain('routes that answer 404: /hello');
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
    expect(history).to.include.members([
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
    writeFileSync(join(data, 'audit.log'), readFileSync(join(data, 'audit.log'), 'utf8').replace('disable', 'enable '));
    expect((await host.oxtender('history')).out).to.contain('the chain of hashes is broken');
  });

  it('config set writes and resets keys at once: one write, one restart; placeholders stay as they are written', async () => {
    const file = join(folders.data, 'conf', 'hello.properties');
    writeFileSync(file, '# mine\nHELLO.text = ${env:NOBODY:-Moin}, ${host.url}\nhello.password = geheim\n');
    await host.loggedLike(({ msg, greeting }) => msg === 'configured' && /^Moin, http/.test(String(greeting)));
    const [text] = JSON.parse((await host.oxtender('config', 'get', 'hello', 'hello.text', '--json')).out) as object[];
    expect(text).to.include({ written: '${env:NOBODY:-Moin}, ${host.url}' });
    const change = ['config', 'set', 'hello', 'hello.text=${env:NOBODY:-Hey}', '--reset', 'hello.PASSWORD'];
    const planned = await host.oxtender(...change, '--dry-run', '--json');
    const { changes } = JSON.parse(planned.out) as { changes: { key: string }[] };
    expect(changes.map(({ key }) => key)).to.deep.equal(['hello.text', 'hello.password']);
    const configured = () => host.lines.filter(({ msg }) => msg === 'configured').length;
    const restarts = configured();
    await host.oxtender(...change);
    expect(readFileSync(file, 'utf8')).to.equal('# mine\nHELLO.text = ${env:NOBODY:-Hey}\n');
    await host.loggedLike(({ msg, greeting }) => msg === 'configured' && greeting === 'Hey');
    expect(configured()).to.equal(restarts + 1);
    const refusals = {
      'give KEY=VALUE, or --reset KEY': [],
      'hello has no key hello.nothing': ['hello.text=x', '--reset', 'hello.nothing'],
      'hello.text can be either set or reset': ['hello.text=x', '--reset', 'hello.text'],
    };
    for (const [told, words] of Object.entries(refusals))
      expect((await host.oxtender('config', 'set', 'hello', ...words)).error).to.contain(told);
    expect((await host.oxtender('config', 'delete', 'hello', 'hello.nothing')).error).to.contain('has no key');
    expect(readFileSync(file, 'utf8'), 'nothing was written').to.contain('Hey');
    await host.oxtender('config', 'set', 'hello', 'hello.text=hello');
  });

  it('O2 a dry run is refused like the command itself', async () => {
    const { data, bundles } = folders;
    const refusals: readonly (readonly [string[], string])[] = [
      [['rollback', 'hello'], 'test.hello has no previous generation: there is nothing to roll back to'],
      [['update', 'hello', join(data, 'nothing')], 'is no readable bundle'],
      [['update', 'hello', data], 'package.json'],
      [['scr', 'disable', 'nothing'], 'there is no component nothing'],
      [['log', 'level', 'x', 'loud'], 'the level must be one of'],
    ];
    for (const [words, told] of refusals) {
      const rehearsed = await host.oxtender(...words, '--dry-run');
      expect(rehearsed.error, words.join(' ')).to.contain(told);
      expect(await host.oxtender(...words)).to.deep.equal(rehearsed);
    }
    const updated = await host.oxtender('update', 'hello', join(bundles, 'hello'), '--dry-run');
    expect(updated.out).to.contain('restarts: test.hello').and.to.contain('routes whose new requests wait: /hello');
  });

  it('O2 every command that changes something tells what it would do', async () => {
    const changed = await host.oxtender('log', 'level', 'test.hello', 'debug', '--dry-run');
    expect(changed.out).to.match(/^test\.hello +debug$/m);
    expect((await host.oxtender('log', 'level')).out).to.not.contain('test.hello');
    expect((await host.oxtender('resolve', '--dry-run')).out).to.equal('nothing would change\n');
    const disabled = await host.oxtender('scr', 'disable', 'Hello', '--dry-run');
    expect(disabled.out.split('\n')).to.include.members([
      'disables: Hello of test.hello',
      'services that go: host.HttpRoutes of test.hello (used by host)',
      'routes that answer 503: /hello',
    ]);
    await host.oxtender('scr', 'disable', 'other');
    expect((await host.oxtender('scr', 'enable', 'other', '--dry-run')).out).to.equal('enables: other of test.hello\n');
    await host.oxtender('scr', 'enable', 'other');
  });

  it('O2 G17 a configuration tells what a change of it takes down, and what is in flight there', async () => {
    const held = request(`${await host.ready()}/hello/held`, { method: 'POST' });
    const answered = once(held, 'response');
    held.write('half');
    await host.logged('held begins');
    const dry = async (...words: string[]) => (await host.oxtender('config', ...words, '--dry-run')).out.split('\n');
    const ofHello = [
      'services that go: host.HttpRoutes of test.hello (used by host)',
      'routes that answer 503: /hello',
    ];
    expect(await dry('set', 'hello', 'hello.text=Hey')).to.deep.equal([
      'hello.text: "hello" → "Hey"',
      'makes anew: Hello of test.hello',
      ...ofHello,
      'requests in flight: 1',
      '',
    ]);
    expect(await dry('set', 'hello', 'hello.mode=loud')).to.include.members([
      'hello.mode: "quiet" → "loud"',
      'restarts: test.hello',
      'routes that answer 503: /hello',
      'requests in flight: 1',
    ]);
    held.end();
    await answered;
    expect(await dry('set', 'hello', 'hello.colour=blue')).to.deep.equal([
      'hello.colour: "red" → "blue"',
      'restarts nothing',
      '',
    ]);
    expect(await dry('set', 'hello', 'hello.text=hello')).to.deep.equal(['nothing would change', '']);
    expect(await dry('set', 'host', 'host.http.address=127.0.0.2')).to.deep.equal([
      'host.http.address: "127.0.0.1" → "127.0.0.2" (when the host is restarted)',
      'restarts nothing',
      '',
    ]);
    const file = join(temporaryFolder(), 'hello.properties');
    writeFileSync(file, 'hello.text = Hey\n');
    const checked = await host.oxtender('config', 'check', file);
    expect(checked.out.split('\n')).to.include.members(['the file is good', 'makes anew: Hello of test.hello']);
    const put = JSON.parse((await host.oxtender('config', 'put', file, '--dry-run', '--json')).out) as object;
    expect(put).to.deep.include({ remakes: ['Hello of test.hello'], stops: [], requestsInFlight: 0 });
  });

  it('O2 a dry run knows who finds another service, who is made anew, and who waits though nobody uses it yet', async () => {
    const { bundles } = folders;
    const write = (name: string, part: BundleManifest, code: string): string =>
      writeBundle(name, { manifest: part, code }, join(bundles, '..', name));
    const token = `const { Component, Reference, serviceToken } = require('@oxtender/bundle-api');
      const [Pair, Single, Used, Idle] = ['test.Pair', 'test.Single', 'test.Used', 'test.Idle'].map((id) => serviceToken(id));`;
    const first = `${token} exports.start = (context) => {
      context.registerService(Pair, {});
      context.registerService(Single, {});
    };`;
    const second = `${token} exports.start = (context) => void context.registerService(Pair, {});`;
    const third = `${token}
      const make = (name, references, options = {}) => {
        const Class = class {};
        references.forEach(([token, more], index) => Reference(token, more)(Class, undefined, index));
        Component({ name, ...options })(Class);
        exports[name] = Class;
      };
      make('stays', [[Pair, { cardinality: '0..n' }]], { enabled: false });
      make('finds', [[Pair]]);
      make('without', [[Single, { optional: true }]]);
      make('used', [[Single]], { provides: [Used] });
      make('idle', [[Single]], { provides: [Idle] });
      make('after', [[Used, { optional: true }]]);
      make('both', [[Pair, { cardinality: '0..n' }]], { properties: { 'test.Pair.cardinality.minimum': 2 } });`;
    await host.oxtender('install', '--start', write('first', {}, first), write('second', {}, second));
    await host.oxtender(
      'install',
      '--start',
      write('third', { activator: undefined as never, components: ['./index.js'] }, third),
    );
    const planned = JSON.parse((await host.oxtender('stop', 'first', '--dry-run', '--json')).out) as object;
    const states = async (): Promise<unknown> =>
      (
        JSON.parse((await host.oxtender('scr', 'list', '--json')).out) as {
          name: string;
          state: string;
          bundle: string;
        }[]
      )
        .filter(({ bundle }) => bundle === 'third')
        .map(({ name, state }) => `${name} ${state}`);
    expect(planned).to.deep.include({
      remakes: ['finds of third', 'without of third', 'after of third'],
      components: ['used of third', 'idle of third', 'both of third'],
    });
    await host.oxtender('stop', 'first');
    expect(await states()).to.have.members([
      'stays disabled',
      'finds active',
      'without active',
      'used unsatisfied-reference',
      'idle unsatisfied-reference',
      'after active',
      'both unsatisfied-reference',
    ]);
    await host.oxtender('uninstall', 'first', 'second', 'third');
  });

  it('O2 a dry run tells also what is only kept for later, and that nobody has a PID', async () => {
    const { bundles } = folders;
    const name = 'sleeper';
    await host.oxtender('install', writeBundle(name, {}, join(bundles, '..', name)));
    const dry = async (...words: string[]): Promise<string> => (await host.oxtender(...words, '--dry-run')).out;
    expect(await dry('disable', name)).to.equal('from now on: sleeper is disabled\n');
    expect(await dry('stop', name)).to.equal('nothing would change\n');
    expect(await dry('bundlelevel', name, '7')).to.equal('from now on: sleeper has start level 7\n');
    await host.oxtender('bundlelevel', name, '200');
    expect(await dry('start', name)).to.equal('from now on: sleeper starts with the host\n');
    await host.oxtender('start', name);
    expect(await dry('stop', name)).to.equal('from now on: sleeper does not start with the host\n');
    expect(await dry('uninstall', name)).to.equal('uninstalls: sleeper\n');
    await host.oxtender('uninstall', name);
    const planned = await dry('config', 'set', 'helo', 'hello.text=x');
    expect(planned).to.contain('hello.text: none → "x" (no bundle here is configured by helo)');
  });

  it('O1 what fails for one bundle keeps the command from nothing', async () => {
    const { bundles } = folders;
    const write = (name: string, code: string): string => writeBundle(name, { code }, join(bundles, '..', name));
    const bad = 'exports.start = () => { throw new Error("no way"); };';
    await host.oxtender(
      'install',
      write('bad-1', bad),
      write('bad-2', bad),
      write('good', 'exports.start = () => {};'),
    );
    const { status, error } = await host.oxtender('start', 'bad-1', 'good', 'bad-2');
    expect(status).to.equal(1);
    expect(error).to.contain('bad-1 failed to start: no way').and.to.contain('bad-2 failed to start: no way');
    expect((await host.oxtender('lb', 'good')).out).to.contain('ACTIVE');
    await host.oxtender('uninstall', 'bad-1', 'bad-2', 'good');
  });

  it('O2 services of one kind are counted', async () => {
    const { services } = JSON.parse((await host.oxtender('stop', 'hello', '--dry-run', '--json')).out) as {
      services: { service: string; count: number }[];
    };
    expect(services.map(({ service, count }) => [service, count])).to.have.deep.members([
      ['host.HttpRoutes', 1],
      ['host.ConsoleCommand', 2],
    ]);
  });

  it('inspect and info tell what is there, in figures that can be read', async () => {
    const provided = JSON.parse((await host.oxtender('inspect', 'cap', 'hello', '--json')).out) as object[];
    expect(provided.map((each) => (each as { namespace: string }).namespace)).to.deep.equal(['identity', 'bundle']);
    expect((await host.oxtender('inspect', 'cap', 'host')).out).to.contain('@oxtender/bundle-api');
    expect((await host.oxtender('info', 'hello')).out).to.match(/load \d+(\.\d{1,3})? ms/);
  });

  it("runs a bundle's command in the host, with the paths of files made absolute", async () => {
    const { bundles } = folders;
    const file = join(bundles, 'hello', 'package.json');
    const relative = join('..', '..', '..', '..', '..', '..', '..', '..', file);
    const { out, status } = await host.oxtender('hello:count', '--json', '--times', '2', relative);
    expect(status).to.equal(0);
    expect(JSON.parse(out)).to.deep.equal([{ file, bytes: 2 * statSync(file).size }]);
    expect((await host.oxtender('help')).out).to.contain('hello:count');
    await host.oxtender('stop', 'hello');
    expect((await host.oxtender('hello:count', file)).status).to.equal(2);
    await host.oxtender('start', 'hello');
  });

  it('explain names what is missing and what to do about it', async () => {
    const { bundles } = folders;
    writeBundle(
      'needy',
      { manifest: { ...manifest, symbolicName: 'test.needy', configuration: {}, http: {} }, code },
      join(bundles, 'needy'),
    );
    await host.oxtender('install', '--start', join(bundles, 'needy'));
    const waiting = async (): Promise<unknown> => {
      const rows = JSON.parse((await host.oxtender('boot', '--json')).out) as Record<string, unknown>[];
      return rows.find(({ name }) => name === 'test.needy')?.waiting;
    };
    expect(await waiting()).to.deep.equal(['needs: it is disabled']);
    await host.oxtender('scr', 'enable', 'needs');
    expect(await waiting()).to.match(/^needs: .*test\.Missing/);
    const { out } = await host.oxtender('explain', 'needy');
    expect(out).to.contain('since service test.Missing is not there, and no installed bundle says that it provides it');
    expect(out).to.contain('← component needs of test.needy waits for test.Missing');
    for (const [name, nearest] of [
      ['test.Missin', 'test.Missing'],
      ['test.helo', 'test.hello'],
      ['coumt', 'count'],
    ] as const) {
      const { status, error } = await host.oxtender('explain', name);
      expect([status, error], name).to.deep.equal([
        1,
        `error: there is no bundle, component or service ${name}: did you mean ${nearest}?\n`,
      ]);
    }
    await host.oxtender('stop', 'hello');
    expect((await host.oxtender('explain', 'hello')).out).to.equal(
      'Bundle test.hello was stopped. To change that: oxtender start test.hello\n',
    );
    await host.oxtender('start', 'hello');
  });

  it('explain names the line of a configuration that is refused, and lb and health tell of it', async () => {
    const { data } = folders;
    const file = join(data, 'conf', 'hello.properties');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, `hello.text = Moin\nhello.text =\n`);
    const refused = await host.loggedLike(({ msg }) => msg.startsWith('configuration refused'));
    expect(refused).to.include({ pid: 'hello' });
    const { out } = await host.oxtender('explain', 'hello');
    expect(out.split('\n')[0]).to.equal(
      `Bundle test.hello is active, with old settings, since configuration ${file}:2: hello.text must NOT have fewer than 1 characters. To change that: correct the file; saving it is enough`,
    );
    expect((await host.oxtender('lb', 'hello')).out).to.contain('configuration refused: hello');
    writeFileSync(file, before);
    await host.oxtender('config', 'set', 'hello', 'hello.text=hello');
    expect((await host.oxtender('explain', 'hello')).out).to.contain('nothing is wrong');
  });

  it('explain follows what is missing to the bundle that is to be mended', async () => {
    const { bundles } = folders;
    const chained = (name: string, require: object): string =>
      writeBundle(name, { manifest: { require: [require as never] } }, join(bundles, '..', name));
    for (const [name, wanted] of [
      ['upper', { ns: 'bundle', name: 'lower', range: '^1' }],
      ['lower', { ns: 'bundle', name: 'test.hello', range: '^9' }],
    ] as const) {
      await host.oxtender('install', chained(name, wanted));
      const { status, error } = await host.oxtender('start', name);
      expect([status, error]).to.deep.equal([1, (await host.oxtender('start', name, '--dry-run')).error]);
    }
    expect((await host.oxtender('explain', 'upper')).out.split('\n')).to.deep.equal([
      'Bundle upper does not resolve: it needs bundle lower ^1, since no bundle provides bundle test.hello ^9: nearest is test.hello 1.0.0: version "1.0.0" is outside ^9. To change that: install what is missing; oxtender diag lower',
      '  ← bundle lower does not resolve: it needs bundle test.hello ^9',
      '    ← no bundle provides bundle test.hello ^9: nearest is test.hello 1.0.0: version "1.0.0" is outside ^9',
      '',
    ]);
    await host.oxtender('uninstall', 'upper', 'lower');
  });

  it('packages that are no bundles are refused with a sentence', async () => {
    const { bundles } = folders;
    const broken = join(bundles, '..', 'broken');
    const text = (json: object): string => JSON.stringify({ name: 'broken', version: '1.0.0', ...json });
    const packages: readonly (readonly [string | undefined, string])[] = [
      [undefined, 'is no readable bundle'],
      ['{ "name": ', 'package.json is no JSON'],
      [text({}), '/bundle: the manifest is missing'],
      [text({ version: 'one', bundle: {} }), '/version: must be a semantic version'],
      [text({ bundle: { activator: '../hello/index.js' } }), '/bundle/activator: must be a path inside the bundle'],
      [text({ bundle: { require: [{ ns: 'x', range: '^^' }] } }), '/bundle/require/0/range: must match format'],
    ];
    mkdirSync(broken, { recursive: true });
    for (const [json, told] of packages) {
      if (json !== undefined) writeFileSync(join(broken, 'package.json'), json);
      const { status, error } = await host.oxtender('install', broken);
      expect([status, error.includes(told), error.split('\n').length], error).to.deep.equal([1, true, 2]);
    }
    writeFileSync(join(broken, 'package.json'), text({ bundle: { activator: './index.js' } }));
    writeFileSync(join(broken, 'index.js'), '\nexports.start = (;\n');
    const { error } = await host.oxtender('install', '--start', broken);
    expect(error).to.contain(`broken failed to start: ${join(broken, 'index.js')}:2: Unexpected token ';'`);
    expect((await host.oxtender('lb', 'broken')).error).to.contain('there is no bundle broken');
  });

  it('O2 install --start does both or neither, and its dry run tells of both', async () => {
    const { bundles } = folders;
    const permissions = { services: { register: ['test.*'] } };
    const folder = writeBundle('newcomer', { manifest: { permissions } }, join(bundles, '..', 'newcomer'));
    const planned = await host.oxtender('install', '--start', folder, '--dry-run');
    expect(planned.out.split('\n')).to.deep.equal([
      'installs: newcomer 1.0.0',
      'may touch: newcomer: services.register test.*',
      'starts: newcomer 1.0.0',
      '',
    ]);
    expect((await host.oxtender('install', '--start', folder)).out).to.equal(
      'newcomer 1.0.0 is ACTIVE\nnewcomer may touch: services.register test.*\n',
    );
    await host.oxtender('uninstall', '--purge', 'newcomer');
    const { out } = await host.oxtender('history', '--json');
    expect((JSON.parse(out) as { command: string }[]).map(({ command }) => command)).to.include.members([
      `install ${folder} --start`,
      'uninstall newcomer --purge',
    ]);
    const needing: BundleManifest = { require: [{ ns: 'bundle', name: 'nobody' }] };
    writeBundle('newcomer', { manifest: needing }, folder);
    const refused = await host.oxtender('install', '--start', folder);
    expect(refused.error).to.contain('newcomer 1.0.0 needs bundle nobody');
    expect(await host.oxtender('install', '--start', folder, '--dry-run')).to.deep.equal(refused);
    expect((await host.oxtender('lb', 'newcomer')).status).to.equal(1);
  });

  it('O2 dry runs tell what start, restart, enable, bundlelevel and stop --cascade would do, and no more', async () => {
    const { bundles } = folders;
    const provider = `exports.start = (context) => context.registerService({ id: 'test.Thing', version: '1.0.0' }, {});`;
    const user = `exports.start = (context) => {
      context.getService(context.getServiceReference({ id: 'test.Thing', version: '1.0.0' }));
    };`;
    await host.oxtender('install', '--start', writeBundle('giver', { code: provider }, join(bundles, '..', 'giver')));
    await host.oxtender('install', '--start', writeBundle('taker', { code: user }, join(bundles, '..', 'taker')));
    const planned = async (...words: string[]): Promise<string> =>
      (await host.oxtender(...words, '--dry-run')).out.split('\n', 1)[0]!;
    expect(await planned('start', 'giver')).to.equal('nothing would change');
    expect(await planned('stop', 'giver')).to.equal('stops: giver');
    expect(await planned('stop', '--cascade', 'giver')).to.equal('stops: taker, giver');
    expect(await planned('restart', 'giver')).to.equal('restarts: giver');
    expect(await planned('bundlelevel', 'giver', '101')).to.equal('stops: giver');
    await host.oxtender('stop', 'giver');
    expect(await planned('restart', 'giver')).to.equal('starts: giver');
    expect(await planned('start', 'giver')).to.equal('starts: giver');
    expect(await planned('bundlelevel', 'giver', '2')).to.equal('from now on: giver has start level 2');
    expect(await planned('enable', 'giver')).to.equal('starts: giver');
    await host.oxtender('disable', 'giver');
    const refused = await host.oxtender('start', 'giver');
    expect(refused.error).to.contain('bundle giver is disabled');
    expect(await host.oxtender('start', 'giver', '--dry-run')).to.deep.equal(refused);
    expect(await planned('enable', 'giver')).to.equal('starts: giver');
    expect((await host.oxtender('enable', 'giver')).out).to.equal('giver is ACTIVE\n');
    await host.oxtender('uninstall', 'giver', 'taker');
  });

  it('C22 C32 explain tells of components that need each other, of one service of two, and of an activator that waits', async () => {
    const { bundles } = folders;
    const components = `
      const { Component, Reference, serviceToken } = require('@oxtender/bundle-api');
      const [One, Other, Logger] = ['test.One', 'test.Other', 'host.LogReader'].map((id) => serviceToken(id));
      class First {}
      Reference(Other)(First, undefined, 0);
      Component({ name: 'first', provides: [One] })(First);
      class Second {}
      Reference(One)(Second, undefined, 0);
      Component({ name: 'second', provides: [Other] })(Second);
      class Twice {}
      Reference(Logger, { cardinality: '1..n' })(Twice, undefined, 0);
      Component({ name: 'twice', properties: { 'host.LogReader.cardinality.minimum': 2 } })(Twice);
      Object.assign(exports, { First, Second, Twice });`;
    const activator = `
      const { DeferredActivator, serviceToken } = require('@oxtender/bundle-api');
      exports.default = new (class extends DeferredActivator {
        neededServices() { return [serviceToken('test.One')]; }
        startBundle() {}
      })();`;
    const write = (name: string, part: BundleManifest, code: string): string =>
      writeBundle(name, { manifest: part, code }, join(bundles, '..', name));
    const parts = { activator: undefined as never, components: ['./index.js'] };
    await host.oxtender('install', '--start', write('circle', parts, components));
    await host.oxtender('install', '--start', write('waiter', {}, activator));
    const explained = async (what: string): Promise<string> => (await host.oxtender('explain', what)).out;
    const loop = 'component first of circle needs itself: first → second → first';
    const remedy = 'To change that: one of these references must become optional and dynamic';
    expect((await explained('first')).split('\n')).to.deep.equal([
      `Component first of circle waits for test.Other, since ${loop}. ${remedy}`,
      '  ← service test.Other is not there',
      '    ← component second of circle waits for test.One',
      '      ← service test.One is not there',
      `        ← ${loop}`,
      '',
    ]);
    expect(await explained('twice')).to.contain('since it wants 2 of them, and there is 1');
    expect(await explained('waiter')).to.contain('The activator of bundle waiter waits for test.One, since component');
    expect((await host.oxtender('lb', 'waiter')).out).to.contain('waiting: test.One');
    await host.oxtender('uninstall', 'circle', 'waiter');
  });

  it('explain says of a bundle that is on its way what it waits for', async () => {
    const { bundles } = folders;
    const slow = `exports.start = () => new Promise((resolve) => (globalThis.goOn = resolve));`;
    const quick = `exports.start = () => globalThis.goOn();`;
    const write = (name: string, activator: string): string =>
      writeBundle(name, { code: activator }, join(bundles, '..', name));
    const starting = host.oxtender('install', '--start', write('slow', slow));
    const explained = async (): Promise<string> => (await host.oxtender('explain', 'slow')).out;
    let told = await explained();
    while (!told.includes('starts')) told = await explained();
    expect(told).to.contain('Bundle slow starts: its start() has not come back yet.');
    await host.oxtender('install', '--start', write('quick', quick));
    expect((await starting).out).to.equal('slow 1.0.0 is ACTIVE\n');
    await host.oxtender('uninstall', 'slow', 'quick');
  });

  it('a topic that is none, and bundle 0, are refused with a sentence', async () => {
    expect((await host.oxtender('events', 'tail', '((')).error).to.contain('(( is no topic');
    expect((await host.oxtender('uninstall', '0')).error).to.contain('bundle 0 is the host itself');
  });

  it('shell reads commands from its input', async () => {
    const { data } = folders;
    mkdirSync(join(data, '..', 'home'));
    const input = 'lb --json\nstop "no such"\nstartlevel\nexit\nlb\n';
    const shell = await oxtender(['--data', data, 'shell'], { input, home: join(data, '..', 'home') });
    expect(shell.status).to.equal(0);
    expect(shell.out).to.contain('"test.hello"').and.to.contain('level 100');
    expect(shell.error).to.contain('there is no bundle no such');
  });

  it('a command that goes on is interrupted, and the session with it goes on', async () => {
    const client = new HostClient(folders.data);
    const interrupt = new AbortController();
    const request = { kind: 'run', command: 'log tail', args: [], options: {}, dryRun: false, user: 'test' } as const;
    const tail = client.request(request, { signal: interrupt.signal, onAnswer: () => interrupt.abort() });
    for (let done = false; !done; done = interrupt.signal.aborted) await host.oxtender('log', 'level', 'x', 'default');
    expect(await tail).to.deep.equal({ kind: 'result', result: undefined });
  });

  it('completes commands, their parts, options and names', async () => {
    const complete = async (...words: string[]): Promise<string[]> =>
      (await host.oxtender('complete', '--', ...words)).out.split('\n').filter(Boolean);
    expect(await complete('startl')).to.deep.equal(['startlevel']);
    expect(await complete('log', '')).to.deep.equal(['get', 'level', 'tail']);
    expect(await complete('stop', 'test.h')).to.deep.equal(['test.hello']);
    expect(await complete('stop', '--dr')).to.deep.equal(['--dry-run']);
    expect(await complete('config', 'get', 'he')).to.deep.equal(['hello']);
    expect(await complete('hello:count', '')).to.deep.equal([]);
    expect(await complete('--data', folders.data, '--json', 'startl')).to.deep.equal(['startlevel']);
  });
});
