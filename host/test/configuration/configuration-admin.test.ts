import type { ConfigurationEvent, ConfigurationListener as Listener } from '@oxtender/bundle-api';
import {
  ConfigurationListener,
  ConfigurationPlugin,
  ManagedService,
  ManagedServiceFactory,
} from '@oxtender/bundle-api';
import { settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { chmodSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationFiles } from '../../src/configuration/configuration-files';
import { launchHost, type LaunchedHost } from '../support/host-parts';
import { rejection, stopAll, temporaryFolder } from '../support/launch';

const schema = {
  type: 'object',
  properties: {
    'my.url': { type: 'string', default: 'http://localhost' },
    'my.count': { type: 'integer', minimum: 1, default: 3 },
    'my.on': { type: 'boolean' },
    'my.names': { type: 'array', items: { type: 'string' } },
    'my.mode': { enum: ['fast', 'safe'] },
    'my.password': { type: 'string', 'x-secret': true },
  },
};

/** A host over a folder, with one bundle that declares the schema of `my`. */
async function onFiles(files: Record<string, string> = {}): Promise<{ host: LaunchedHost; folder: string }> {
  const folder = join(temporaryFolder(), 'conf');
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const host = await launchHost({
    texts: new ConfigurationFiles(folder),
    properties: { 'host.url': 'http://127.0.0.1:1' },
  });
  await host.start('a', { manifest: { configuration: { my: schema } } });
  return { host, folder };
}

describe('Configuration Admin (reference section 10)', () => {
  afterEach(stopAll);

  it('G1 reads one configuration from each file, factory configurations among them', async () => {
    const { host } = await onFiles({
      'one.properties': 'a=1',
      'fac~x.properties': 'b=2',
      'readme.txt': '',
      '.x.properties': 'c=1',
    });
    const listed = host.admin.listConfigurations().map(({ pid, factoryPid }) => [pid, factoryPid]);
    expect(listed).to.deep.equal([
      ['fac~x', 'fac'],
      ['one', undefined],
    ]);
  });

  it('G2 makes an empty one that is neither listed nor written until its first update', async () => {
    const { host, folder } = await onFiles();
    const configuration = host.admin.getConfiguration('new');
    expect(host.admin.getConfiguration('new')).to.equal(configuration);
    expect(configuration.getProperties()).to.equal(undefined);
    expect(host.admin.listConfigurations()).to.deep.equal([]);
    await configuration.update({ a: 1 });
    expect(host.admin.listConfigurations('(a=1)')).to.deep.equal([configuration]);
    expect(host.admin.listConfigurations('(a=2)')).to.deep.equal([]);
    expect(readFileSync(join(folder, 'new.properties'), 'utf8')).to.equal('a = 1\n');
  });

  it('G2 a bad filter throws', async () => {
    const { host } = await onFiles();
    expect(() => host.admin.listConfigurations('(a'))
      .to.throw()
      .with.property('code', 'INVALID_SYNTAX');
  });

  it('G3 counts updates, skips equal ones only when asked, and refuses everything after delete', async () => {
    const { host } = await onFiles();
    const configuration = host.admin.getConfiguration('x');
    await configuration.update({ a: [1, 2] });
    await configuration.update({ a: [1, 2] });
    expect(configuration.changeCount).to.equal(2);
    expect(await configuration.updateIfDifferent({ a: [1, 2] })).to.equal(false);
    expect(await configuration.updateIfDifferent({ a: [1, 3] })).to.equal(true);
    expect(configuration.changeCount).to.equal(3);
    await configuration.delete();
    await rejection(configuration.update({}), 'ILLEGAL_STATE');
    expect(() => configuration.getProperties())
      .to.throw()
      .with.property('code', 'ILLEGAL_STATE');
    expect(host.admin.getConfiguration('x')).to.not.equal(configuration);
  });

  it('G3 G4 refuses bad keys, PIDs and values, and writes nothing', async () => {
    const { host, folder } = await onFiles();
    const configuration = host.admin.getConfiguration('x');
    await rejection(configuration.update({ 'a b': 1 }), 'INVALID');
    await rejection(configuration.update({ a: 1, A: 2 }), 'INVALID');
    const error = await rejection(configuration.update({ a: { b: 1 } as never }));
    expect(error).to.be.instanceOf(TypeError);
    expect(await rejection(configuration.update({ a: [1, 'b'] }))).to.be.instanceOf(TypeError);
    expect(() => host.admin.getConfiguration('../x'))
      .to.throw()
      .with.property('code', 'INVALID');
    expect(() => readFileSync(join(folder, 'x.properties'))).to.throw();
  });

  it("G4 gives copies, and the host's keys, which callers cannot set", async () => {
    const { host } = await onFiles();
    const configuration = host.admin.getFactoryConfiguration('fac', 'one');
    await configuration.update({ a: 1, 'service.pid': 'mine', 'Service.FactoryPid': 'mine' });
    const properties = configuration.getProperties()!;
    expect(properties).to.deep.equal({ a: 1, 'service.pid': 'fac~one', 'service.factoryPid': 'fac' });
    properties.a = 2;
    expect(configuration.getProperties()!.a).to.equal(1);
  });

  it('G5 G6 tells a ManagedService what there is, or null, then every change, in order, one at a time', async () => {
    const { host } = await onFiles();
    const seen: unknown[] = [];
    let inside = 0;
    const updated = async (properties: Readonly<Record<string, unknown>> | null): Promise<void> => {
      expect(++inside).to.equal(1);
      await settle();
      inside--;
      seen.push(properties && properties.n);
    };
    host.context.registerService(ManagedService, { updated }, { 'service.pid': 'target' });
    await host.configurations.delivered();
    expect(seen).to.deep.equal([null]);
    const configuration = host.admin.getConfiguration('target');
    await configuration.update({ n: 1 });
    await configuration.update({ n: 2 });
    await host.configurations.delivered();
    expect(seen.at(-1)).to.equal(2);
    await configuration.delete();
    await host.configurations.delivered();
    expect(seen.at(-1)).to.equal(null);
  });

  it('G5 tells a ManagedServiceFactory each configuration and each deletion', async () => {
    const { host } = await onFiles({ 'fac~one.properties': 'n=1' });
    const seen: string[] = [];
    host.context.registerService(
      ManagedServiceFactory,
      {
        updated: (pid, { n }) => void seen.push(`${pid} ${String(n)}`),
        deleted: (pid) => void seen.push(`${pid} gone`),
      },
      { 'service.pid': 'fac' },
    );
    await host.configure('fac~two', { n: 2 });
    await host.admin.getConfiguration('fac~one').delete();
    await host.configurations.delivered();
    expect(seen).to.deep.equal(['fac~one 1', 'fac~two 2', 'fac~one gone']);
  });

  it('G6 a throwing target is logged with its PID, and others get theirs', async () => {
    const { host } = await onFiles();
    const seen: unknown[] = [];
    const throwing = (): void => {
      throw new Error('no');
    };
    host.context.registerService(ManagedService, { updated: throwing }, { 'service.pid': 'x' });
    host.context.registerService(
      ManagedService,
      { updated: (each) => void seen.push(each) },
      { 'service.pid': ['y', 'x'] },
    );
    await host.configurations.delivered();
    expect(seen).to.deep.equal([null, null]);
    expect(host.logging.entries().at(-1)).to.deep.include({ message: 'a configuration was not taken' });
    expect(host.logging.entries().at(-1)!.fields).to.include({ pid: 'x', bundle: 'oxtender.host' });
  });

  it('G7 a bound configuration is for its bundle only; unbound, it goes to the first that gets it', async () => {
    const { host } = await onFiles();
    const [a, b] = [await host.start('one'), await host.start('two')];
    await host.admin.getConfiguration('fixed', b.location).update({ n: 1 });
    expect([host.admin.read(a, 'fixed').exists, host.admin.read(b, 'fixed').exists]).to.deep.equal([false, true]);
    const free = host.admin.getConfiguration('free');
    await free.update({ n: 1 });
    expect([host.admin.read(a, 'free').exists, host.admin.read(b, 'free').exists]).to.deep.equal([true, false]);
    await a.uninstall();
    expect(free.getBundleLocation()).to.equal(undefined);
    expect(host.admin.read(b, 'free').exists).to.equal(true);
  });

  it('G8 the most specific of targeted PIDs counts, and deleting it falls back', async () => {
    const { host } = await onFiles({ 'p.properties': 'n=0', 'p|b.properties': 'n=1', 'p|b|1.0.0.properties': 'n=2' });
    const bundle = await host.start('b');
    const other = await host.start('c');
    const n = (): unknown => host.admin.read(bundle, 'p').properties!.n;
    expect(host.admin.read(other, 'p').properties).to.deep.equal({ n: '0' });
    expect(n()).to.equal('2');
    await host.admin.getConfiguration('p|b|1.0.0').delete();
    expect(n()).to.equal('1');
    await host.admin.getConfiguration('p|b').delete();
    expect(n()).to.equal('0');
  });

  it('G9 listeners hear of it, synchronous ones in the stack of the change', async () => {
    const { host } = await onFiles();
    const seen: string[] = [];
    const listener = (name: string): Listener => ({
      configurationEvent: ({ type, pid }: ConfigurationEvent) => void seen.push(`${name} ${type} ${pid}`),
    });
    host.context.registerService(ConfigurationListener, listener('later'));
    host.context.registerService(ConfigurationListener, listener('now'), { synchronous: true });
    const configuration = host.admin.getConfiguration('x');
    await configuration.update({});
    configuration.setBundleLocation('?');
    expect(seen.at(-1)).to.equal('now CM_LOCATION_CHANGED x');
    await configuration.delete();
    await settle();
    expect(seen.filter((each) => each.startsWith('later'))).to.deep.equal([
      'later CM_UPDATED x',
      'later CM_LOCATION_CHANGED x',
      'later CM_DELETED x',
    ]);
  });

  it('G10 plugins change what is delivered, in ascending ranking, and never what is stored', async () => {
    const { host } = await onFiles();
    const plugin = (text: string): ConfigurationPlugin => ({
      modifyConfiguration: (_pid, properties) => {
        properties.trace = `${(properties.trace as string | undefined) ?? ''}${text}`;
      },
    });
    host.context.registerService(ConfigurationPlugin, plugin('b'), { 'service.cmRanking': 20 });
    host.context.registerService(ConfigurationPlugin, plugin('a'), { 'service.cmRanking': 10 });
    host.context.registerService(ConfigurationPlugin, plugin('-'), { 'service.cmRanking': -1 });
    host.context.registerService(ConfigurationPlugin, plugin('+'), { 'service.cmRanking': 1001 });
    host.context.registerService(ConfigurationPlugin, plugin('other'), { 'cm.target': ['y'] });
    await host.configure('x', { n: 1 });
    const bundle = host.context.getBundle('test:a')!;
    expect(host.configurations.read(bundle, 'x').properties).to.deep.equal({ n: 1, trace: 'ab' });
    expect(host.admin.getConfiguration('x').getProperties()).to.deep.equal({ n: 1, 'service.pid': 'x' });
  });

  it('G11 a read-only one is neither updated nor deleted, nor a file that cannot be written', async function () {
    const { host, folder } = await onFiles({ 'x.properties': 'a=1' });
    const configuration = host.admin.getConfiguration('x');
    configuration.addAttributes('READ_ONLY');
    await rejection(configuration.update({}), 'READ_ONLY');
    await rejection(configuration.delete(), 'READ_ONLY');
    configuration.removeAttributes('READ_ONLY');
    await configuration.update({ a: 2 });
    if (process.getuid?.() === 0) return;
    chmodSync(join(folder, 'x.properties'), 0o400);
    await rejection(configuration.update({}), 'READ_ONLY');
  });

  it('G12 types values by the schema, warns of unknown and double keys', async () => {
    const { host } = await onFiles({
      'my.properties': 'MY.Count = 7\nmy.on=true\nmy.names = a\\,b, c\nextra=1\nmy.on=false',
    });
    expect(host.admin.getConfiguration('my').getProperties()).to.deep.equal({
      'my.url': 'http://localhost',
      'my.count': 7,
      'my.on': false,
      'my.names': ['a,b', 'c'],
      extra: '1',
      'service.pid': 'my',
    });
    expect(host.messages()).to.include('warn: unknown key in a configuration');
    expect(host.messages()).to.include('warn: key is there twice: the last one counts');
  });

  it('G13 expands placeholders with framework properties, and values of the run by key or by pid.key', async () => {
    const folder = join(temporaryFolder(), 'conf');
    mkdirSync(folder);
    writeFileSync(join(folder, 'my.properties'), 'my.url = ${host.url}/ajax\n');
    const texts = new ConfigurationFiles(folder);
    const host = await launchHost({
      texts,
      properties: { 'host.url': 'http://h:1' },
      overrides: { 'my.my.count': '5', 'my.mode': 'safe', 'other.x': '1' },
    });
    const bundle = await host.start('a', { manifest: { configuration: { my: schema } } });
    expect(host.admin.read(bundle, 'my').properties).to.deep.equal({
      'my.url': 'http://h:1/ajax',
      'my.count': 5,
      'my.mode': 'safe',
    });
    expect(host.admin.read(bundle, 'other').properties).to.deep.equal({ x: '1' });
  });

  it('G14 writes back with comments, and keeps placeholders that nobody touched', async () => {
    const text = '# Count\nmy.count = 4\n\nmy.url = ${host.url}/x\n';
    const { host, folder } = await onFiles({ 'my.properties': text });
    const configuration = host.admin.getConfiguration('my');
    await configuration.update({ ...configuration.getProperties(), 'my.count': 5 });
    expect(readFileSync(join(folder, 'my.properties'), 'utf8')).to.equal(text.replace('4', '5'));
  });

  it('G15 takes changed, new and vanished files over; a touched one changes nothing; its own writes are none', async () => {
    const { host, folder } = await onFiles({ 'x.properties': 'n=1', 'gone.properties': 'n=1' });
    const seen: string[] = [];
    host.context.registerService(
      ConfigurationListener,
      { configurationEvent: ({ type, pid }) => void seen.push(`${type} ${pid}`) },
      { synchronous: true },
    );
    utimesSync(join(folder, 'x.properties'), 1, 1);
    host.admin.rescan();
    expect(seen).to.deep.equal([]);
    writeFileSync(join(folder, 'x.properties'), 'n=2');
    writeFileSync(join(folder, 'new.properties'), 'n=3');
    rmSync(join(folder, 'gone.properties'));
    host.admin.rescan();
    expect(seen.sort()).to.deep.equal(['CM_DELETED gone', 'CM_UPDATED new', 'CM_UPDATED x']);
    seen.length = 0;
    await host.admin.getConfiguration('x').update({ n: 4 });
    host.admin.rescan();
    expect(seen).to.deep.equal(['CM_UPDATED x']);
  });

  it('G15 an edit is told of once, though the folder is scanned before it is done, and loses no other edit', async () => {
    const { host, folder } = await onFiles({ 'x.properties': 'n=1\n' });
    const seen: string[] = [];
    host.context.registerService(
      ConfigurationListener,
      { configurationEvent: ({ type, pid }) => void seen.push(`${type} ${pid}`) },
      { synchronous: true },
    );
    const append = (line: string) => () => `${host.admin.textOf('x') ?? ''}${line}\n`;
    writeFileSync(join(folder, 'x.properties'), 'n=2\n');
    const edits = Promise.all(['a=1', 'b=1', 'c=1'].map((line) => host.admin.store('x', append(line))));
    const done = edits.then(() => true);
    const turn = () => new Promise<boolean>((resolve) => setImmediate(resolve, false));
    while (!(await Promise.race([done, turn()]))) host.admin.rescan();
    expect(readFileSync(join(folder, 'x.properties'), 'utf8')).to.equal('n=2\na=1\nb=1\nc=1\n');
    expect(seen, 'by hand, and three edits').to.deep.equal(Array(4).fill('CM_UPDATED x'));
    await host.admin.getConfiguration('x').delete();
    host.admin.rescan();
    expect(seen.slice(4)).to.deep.equal(['CM_DELETED x']);
  });

  it('G16 never delivers an invalid one: the last good stays, with file, line, key and reason', async () => {
    const { host, folder } = await onFiles({ 'my.properties': 'my.count = 4\n' });
    const bundle = host.context.getBundle('test:a')!;
    expect(host.admin.read(bundle, 'my').properties).to.include({ 'my.count': 4 });
    writeFileSync(join(folder, 'my.properties'), '\nmy.count = none\nmy.mode = slow\n');
    host.admin.rescan();
    const { properties, reason } = host.admin.read(bundle, 'my');
    expect(properties).to.include({ 'my.count': 4 });
    expect(reason).to.contain('my.properties:2: my.count must be integer');
    expect(reason).to.contain('my.properties:3: my.mode must be one of fast, safe');
    expect(host.admin.rejected.map(({ pid }) => pid)).to.deep.equal(['my']);
    writeFileSync(join(folder, 'my.properties'), 'my.count = 5\n');
    host.admin.rescan();
    expect(host.admin.rejected).to.deep.equal([]);
    expect(host.admin.read(bundle, 'my').properties).to.include({ 'my.count': 5 });
  });

  it('G12 a byte order mark does no harm, and a value that is not UTF-8 is refused', async () => {
    const { host, folder } = await onFiles({ 'my.properties': '\uFEFFmy.count = 4\n' });
    const bundle = host.context.getBundle('test:a')!;
    expect(host.admin.read(bundle, 'my').properties).to.include({ 'my.count': 4 });
    writeFileSync(join(folder, 'my.properties'), Buffer.from('my.count = 5\nmy.text = Gr\xfc\xdfe\n', 'latin1'));
    host.admin.rescan();
    const { properties, reason } = host.admin.read(bundle, 'my');
    expect(properties).to.include({ 'my.count': 4 });
    expect(reason).to.contain('my.properties:2: my.text is not written in UTF-8');
  });

  it('G16 a program cannot store what the schema refuses', async () => {
    const { host, folder } = await onFiles({ 'my.properties': 'my.count = 4\n' });
    const error = await rejection(host.admin.getConfiguration('my').update({ 'my.count': 0 }), 'INVALID');
    expect(error.message).to.contain('my.count must be >= 1');
    expect(readFileSync(join(folder, 'my.properties'), 'utf8')).to.equal('my.count = 4\n');
  });

  it('a schema that comes later types what is there', async () => {
    const folder = join(temporaryFolder(), 'conf');
    mkdirSync(folder);
    writeFileSync(join(folder, 'my.properties'), 'my.count = 4\n');
    const host = await launchHost({ texts: new ConfigurationFiles(folder) });
    const configuration = host.admin.getConfiguration('my');
    expect(configuration.getProperties()).to.include({ 'my.count': '4' });
    await host.start('a', { manifest: { configuration: { my: schema } } });
    expect(configuration.getProperties()).to.include({ 'my.count': 4 });
  });
});
