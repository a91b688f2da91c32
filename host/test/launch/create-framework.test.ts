import {
  type BundleContext,
  ConfigurationAdmin,
  EventAdmin,
  type Framework,
  HttpConnections,
  LogReader,
  ServiceComponentRuntime,
  type ServiceToken,
  serviceToken,
} from '@oxtender/bundle-api';
import { settle, whenService } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createFramework, type FrameworkOptions } from '../../src';
import { HostClient } from '../../src/cli/client';
import { writeBundle } from '../support/bundles';
import { rejection, stopAll, temporaryFolder } from '../support/launch';

interface Greeter {
  greet(name: string): string;
}
const Greeter = serviceToken<Greeter>('test.Greeter');

/** A component that needs another one and a configuration, as a compiler would write it. */
const code = `
const api = require('@oxtender/bundle-api');
const Greeter = api.serviceToken('test.Greeter');
const Mark = api.serviceToken('test.Mark');
class Exclamation {
  text = '!';
}
api.Component({ provides: [Mark] })(Exclamation);
class Polite {
  constructor(mark, config) {
    this.greet = (name) => config['greeter.text'] + ', ' + name + mark.text;
  }
}
api.Reference(Mark)(Polite, undefined, 0);
api.Config()(Polite, undefined, 1);
api.Component({ provides: [Greeter], configurationPid: ['greeter'] })(Polite);
class Routes {
  constructor(greeter) {
    this.routes = async (ctx) => void (ctx.body = greeter.greet('web'));
  }
}
api.Reference(Greeter)(Routes, undefined, 0);
api.Component({ provides: [api.HttpRoutes], properties: { 'http.path': '/greet' } })(Routes);
Object.assign(exports, { Exclamation, Polite, Routes });
`;

const manifest = {
  activator: undefined as never,
  components: ['./index.js'],
  configuration: {
    greeter: { type: 'object', properties: { 'greeter.text': { type: 'string', default: 'Hello', minLength: 1 } } },
  },
};

/** What an embedding program does: nothing but the package's own exports. */
async function begin(options?: FrameworkOptions): Promise<{ framework: Framework; context: BundleContext }> {
  const framework = createFramework(options);
  started.push(framework);
  await framework.start();
  return { framework, context: framework.context! };
}

async function greeting(context: BundleContext): Promise<string> {
  return (await whenService(context, Greeter)).greet('Ada');
}

/** A changed configuration makes the component anew: soon. */
async function greetingBecomes(context: BundleContext, text: string): Promise<void> {
  while ((await greeting(context)) !== text) await settle();
}

const started: Framework[] = [];

describe('createFramework', () => {
  afterEach(async () => {
    for (const framework of started.splice(0)) await framework.stop();
    await stopAll();
  });

  it('runs components with references and configurations, in memory', async () => {
    const { framework, context } = await begin();
    const bundle = await context.installBundle(writeBundle('greeter', { manifest, code }));
    await bundle.start();
    expect(await greeting(context)).to.equal('Hello, Ada!');
    const admin = context.getService(context.getServiceReference(ConfigurationAdmin)!)!;
    await admin.getConfiguration('greeter').update({ 'greeter.text': 'Moin' });
    await greetingBecomes(context, 'Moin, Ada!');
    await framework.stop();
    expect((await framework.waitForStop()).type).to.equal('STOPPED');
  });

  it('P9 has after a restart what it had, from its store', async () => {
    const store = join(temporaryFolder(), 'store');
    const first = await begin({ store });
    const bundle = await first.context.installBundle(writeBundle('greeter', { manifest, code }));
    await bundle.start();
    const admin = first.context.getService(first.context.getServiceReference(ConfigurationAdmin)!)!;
    await admin.getConfiguration('greeter').update({ 'greeter.text': 'Moin' });
    await first.framework.stop();
    const second = await begin({ store });
    expect(second.context.getBundles().map(({ id, symbolicName, state }) => [id, symbolicName, state])).to.deep.equal([
      [0, 'oxtender.host', 'ACTIVE'],
      [1, 'greeter', 'ACTIVE'],
    ]);
    expect(await greeting(second.context)).to.equal('Moin, Ada!');
  });

  it('P12 is there with all its services after init, at start level 0, and again after a stop', async () => {
    const framework = createFramework();
    started.push(framework);
    const services = (): boolean[] =>
      (
        [
          ConfigurationAdmin,
          EventAdmin,
          HttpConnections,
          LogReader,
          ServiceComponentRuntime,
        ] as readonly ServiceToken<unknown>[]
      ).map((token) => framework.context?.getServiceReference(token) !== undefined);
    await framework.init();
    expect([framework.state, framework.startLevel.level, ...services()]).to.deep.equal([
      'STARTING',
      0,
      ...Array.from({ length: 5 }, () => true),
    ]);
    await framework.start();
    const bundle = await framework.context!.installBundle(writeBundle('greeter', { manifest, code }));
    await bundle.start();
    await framework.update();
    expect([framework.state, ...services()]).to.deep.equal(['ACTIVE', ...Array.from({ length: 5 }, () => true)]);
    expect(await greeting(framework.context!)).to.equal('Hello, Ada!');
  });

  it('listens when it is asked to, where host.url says, and again after a restart', async () => {
    const { framework, context } = await begin({ http: true, properties: { 'host.http.port': '0' } });
    const bundle = await context.installBundle(writeBundle('greeter', { manifest, code }));
    await bundle.start();
    const ask = async (): Promise<string> => {
      const url = framework.context!.getProperty('host.url')!;
      return (await fetch(`${url}/greet`)).text();
    };
    expect(await ask()).to.equal('Hello, web!');
    await framework.update();
    expect(await ask()).to.equal('Hello, web!');
  });

  it('rejects the start when its port is taken, and may be started when it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const framework = createFramework({ http: true, properties: { 'host.http.port': String(port) } });
    started.push(framework);
    await rejection(framework.start(), 'EADDRINUSE');
    expect(framework.state).to.equal('INSTALLED');
    await new Promise((resolve) => other.close(resolve));
    await framework.start();
    expect(framework.state).to.equal('ACTIVE');
  });

  it('takes configuration values for one run, and names a setting of its own that is wrong', async () => {
    const { context } = await begin({ configuration: { 'greeter.text': 'Salut' }, properties: { mine: 'yes' } });
    const bundle = await context.installBundle(writeBundle('greeter', { manifest, code }));
    await bundle.start();
    expect([await greeting(context), context.getProperty('mine')]).to.deep.equal(['Salut, Ada!', 'yes']);
    expect(() => createFramework({ properties: { 'host.http.port': 'any' } })).to.throw(
      'host.http.port must be integer',
    );
  });

  it('O1 takes commands of the CLI, and lets no second framework onto the folder', async () => {
    const adminFolder = temporaryFolder();
    const { context } = await begin({ adminFolder });
    await context.installBundle(writeBundle('greeter', { manifest, code }));
    const client = new HostClient(adminFolder);
    const { result } = await client.request({
      kind: 'run',
      user: 'me',
      command: 'bundles',
      args: [],
      options: {},
      dryRun: false,
    });
    expect(result).to.have.nested.property('[0].name', 'greeter');
    const second = createFramework({ adminFolder });
    const { message } = await rejection(second.start());
    expect(message).to.contain('a host runs on this data folder already');
  });

  it('P10 what a crash in the middle of a write left in a folder of the host is gone at the next start', async () => {
    const store = temporaryFolder();
    const left = ['conf', 'preferences', 'bundle.d'].map((folder) => join(store, folder));
    const kept = join(store, 'conf', '.notes.tmp');
    for (const folder of left) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `.host.properties.${randomUUID()}.tmp`), 'host.http');
    }
    writeFileSync(kept, "an operator's own");
    const framework = createFramework({ store, bundleFolder: join(store, 'bundle.d') });
    await framework.start();
    try {
      expect(left.flatMap((folder) => readdirSync(folder))).to.deep.equal(['.notes.tmp']);
    } finally {
      await framework.stop();
    }
  });
});
