import { EventHandler } from '@oxtender/bundle-api';
import { FakeClock, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { EventBridge } from '../../src/events/event-bridge';
import { HealthService } from '../../src/health/health-service';
import { HostEventAdmin } from '../../src/events/event-admin';
import { launchHost } from '../support/host-parts';
import { stopAll } from '../support/launch';

describe('E7 events of the host', () => {
  afterEach(stopAll);

  it('are bridged to topics while somebody hears them', async () => {
    const host = await launchHost({ clock: new FakeClock() });
    const admin = new HostEventAdmin({ clock: host.clock, log: host.logging.logger('host.events') });
    admin.open(host.context);
    const health = new HealthService({ clock: host.clock, expected: () => ['missing'] });
    health.open(host.context);
    new EventBridge(host.context, admin, {
      log: host.logging,
      onConfiguration: (listener) => host.admin.onChange(listener),
      onRejected: (listener) => host.admin.onRejected(listener),
      onHealth: (listener) => health.onChange(listener),
    });
    const seen: string[] = [];
    const register = (topics: string[]): { unregister(): void } =>
      host.context.registerService(
        EventHandler,
        {
          handleEvent: ({ topic, properties }) => {
            const {
              'bundle.symbolicName': name = '',
              'cm.pid': pid = '',
              message = '',
              'exception.message': error = '',
            } = properties;
            seen.push([topic, name, pid, message, error].map(String).join(' ').trim());
          },
        },
        { 'event.topics': topics },
      );
    const registration = register([
      'host/bundle/*',
      'host/config/*',
      'host/log/ERROR',
      'host/framework/*',
      'host/health/*',
    ]);
    await settle();
    const bundle = await host.start('a');
    await bundle.stop();
    await host.admin.getConfiguration('x').update({ a: 1 });
    const schema = { properties: { n: { type: 'integer' } } };
    await host.start('b', { manifest: { configuration: { y: schema } } });
    host.texts.set('y', 'n = none');
    host.admin.rescan();
    await health.report();
    host.logging.logger('b').error('broken');
    host.framework.context!.reportError(new Error('oh'), 'somewhere');
    await settle();
    await settle();
    expect(seen).to.include.members([
      'host/bundle/INSTALLED a',
      'host/bundle/RESOLVED a',
      'host/bundle/STARTED a',
      'host/bundle/STOPPED a',
      'host/config/CM_UPDATED  x',
      'host/config/REJECTED  y',
      'host/health/CHANGED   this check is expected, and nobody provides it',
      'host/log/ERROR   broken',
      'host/framework/ERROR oxtender.host   somewhere',
    ]);
    registration.unregister();
    await settle();
    const services = register(['host/service/*']);
    await settle();
    seen.length = 0;
    await bundle.start();
    host.context.registerService(EventHandler, { handleEvent: () => undefined });
    await settle();
    expect(seen).to.deep.equal(['host/service/REGISTERED oxtender.host']);
    services.unregister();
  });
});
