import type { BundleManifest, BundlePermissions } from '@oxtender/bundle-api';
import { Component, Config, ConfigurationAdmin, PermissionError } from '@oxtender/bundle-api';
import { inlineBundle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { morePermissions } from '../../src/framework/permissions';
import { launchHost } from '../support/host-parts';
import { rejection, stopAll } from '../support/launch';

describe('Permissions (rule X4)', () => {
  afterEach(stopAll);

  const restricted: BundleManifest = {
    permissions: { config: { pids: ['mail.*'] } },
    configuration: { own: { type: 'object', properties: { text: { type: 'string', default: 'mine' } } } },
  };

  it('X4 a bundle gets the configurations that its manifest names, and its own', async () => {
    const host = await launchHost();
    const start = (): void => undefined;
    const bundle = await host.start('a', { start, manifest: restricted });
    for (const pid of ['mail.in', 'own', 'other']) await host.configure(pid, { text: pid });
    const reference = bundle.context!.getServiceReference(ConfigurationAdmin)!;
    const admin = bundle.context!.getService(reference)!;
    expect(admin.listConfigurations().map(({ pid }) => pid)).to.have.members(['mail.in', 'own']);
    expect(admin.getConfiguration('mail.in').getProperties()).to.include({ text: 'mail.in' });
    expect(() => admin.getConfiguration('other')).to.throw(PermissionError, 'a may not use the configuration other');
    expect(() => admin.getFactoryConfiguration('other', 'x')).to.throw(PermissionError);
    const free = await host.start('b', { start });
    expect(free.context!.getService(free.context!.getServiceReference(ConfigurationAdmin)!)).to.equal(host.admin);
  });

  it('X4 a component waits for a configuration that its bundle may not have, and says why', async () => {
    const made: string[] = [];
    @Component({ name: 'nosy', configurationPid: ['other'], configurationPolicy: 'require' })
    class Nosy {
      constructor(@Config() { text }: { text: string }) {
        made.push(text);
      }
    }
    @Component({ name: 'modest', configurationPid: ['own'] })
    class Modest {
      constructor(@Config() { text }: { text: string }) {
        made.push(text);
      }
    }
    const host = await launchHost();
    await host.configure('other', { text: 'secret' });
    await host.run('a', { Nosy, Modest }, restricted);
    expect(made).to.deep.equal(['mine']);
    const nosy = host.components.list().find(({ name }) => name === 'nosy')!;
    expect([nosy.state, nosy.reason]).to.deep.equal([
      'unsatisfied-configuration',
      'the manifest does not permit other',
    ]);
  });

  it('X4 an update that asks for more is refused until it is approved', async () => {
    const host = await launchHost();
    const { operator } = host.framework;
    const permitting = (permissions: BundlePermissions, version: string) =>
      inlineBundle('a', { version, start: () => undefined, manifest: { permissions } });
    const first = permitting({ services: { consume: ['x.*'] } }, '1.0.0');
    const bundle = await host.context.installBundle('test:a', first);
    await bundle.start();
    const more = permitting({ services: { consume: ['x.*', 'y.Y'] } }, '1.1.0');
    const { message } = await rejection(bundle.update(more), 'INVALID_OPERATION');
    expect(message).to.equal(
      'a 1.1.0 may touch more than 1.0.0: services.consume y.Y; approve it: oxtender update a --approve',
    );
    expect((await rejection(operator.rehearseUpdate(bundle, more))).message).to.equal(message);
    expect([bundle.version, bundle.state]).to.deep.equal(['1.0.0', 'ACTIVE']);
    await operator.update(bundle, more, { approved: true });
    await bundle.update(permitting({ services: { consume: ['x.*'] } }, '1.2.0'));
    expect([bundle.version, bundle.state]).to.deep.equal(['1.2.0', 'ACTIVE']);
  });

  it('X4 an area that is left out permits everything', () => {
    const narrow: BundlePermissions = { http: { paths: ['/a'] }, net: ['ox'] };
    expect(morePermissions(undefined, narrow)).to.deep.equal([]);
    expect(morePermissions(narrow, narrow)).to.deep.equal([]);
    expect(morePermissions(narrow, { http: { paths: ['/b'] }, net: [] })).to.deep.equal(['http.paths /b']);
    expect(morePermissions(narrow, undefined)).to.deep.equal(['http.paths *', 'net *']);
  });
});
