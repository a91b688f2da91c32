import { Clock, Component, Config, GroupwareBridge, HttpRoutes, Inject, Logger, Reference } from '@oxtender/bundle-api';
import type { Middleware } from 'koa';
import type { EasConfig } from '../config';
import { Autodiscover } from './autodiscover';

/**
 * Autodiscover, served while there is a groupware. It stands at the root, for devices write its path in any case; the
 * spellings that they really use are reserved in the manifest.
 */
@Component({
  name: 'eas.autodiscover',
  provides: [HttpRoutes],
  properties: { 'http.path': '/' },
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
