import { Clock, Component, Config, GroupwareBridge, HttpRoutes, Inject, Logger, Reference } from '@oxtender/bundle-api';
import type { Middleware } from 'koa';
import type { EasConfig } from '../config';
import { Autodiscover } from './autodiscover';

/**
 * Autodiscover, served while there is a groupware, in the spellings of its folder that devices use; the manifest reserves
 * the same. It must not stand at the root, where it would answer for every path that waits for its bundle.
 */
@Component({
  name: 'eas.autodiscover',
  provides: [HttpRoutes],
  properties: { 'http.path': ['/autodiscover', '/Autodiscover', '/AutoDiscover', '/AUTODISCOVER'] },
  configurationPid: ['eas'],
})
export class AutodiscoverRoutes implements HttpRoutes {
  readonly routes: Middleware;

  constructor(
    @Reference(GroupwareBridge) bridge: GroupwareBridge,
    @Inject(Clock) clock: Clock,
    @Inject(Logger) log: Logger,
    @Config() config: EasConfig,
  ) {
    this.routes = new Autodiscover({ bridge, clock, log, config }).middleware;
  }
}
