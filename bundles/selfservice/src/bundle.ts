import { join } from 'node:path';
import {
  Activate,
  Clock,
  Component,
  type ComponentContext,
  Config,
  Deactivate,
  DeviceRegistry,
  DisposableStore,
  GroupwareBridge,
  HealthCheck,
  HttpResources,
  HttpRoutes,
  Inject,
  Logger,
  Reference,
  Scheduler,
} from '@oxtender/bundle-api';
import type { SelfServiceConfig } from './config';
import { largestForm } from './http/form';
import { pageRouter } from './http/page-router';
import { ProfileSigner } from './profile/profile-signer';
import { LoginLimit } from './session/login-limit';
import { PageSessions } from './session/page-sessions';
import { SetupLinks } from './session/setup-links';

const minute = 60_000;
const hour = 60 * minute;

/** Styles, script and icon, as they are. */
const webFolder = join(__dirname, '..', '..', 'web');

/** The page of users for their own phones, served while there are a groupware and a device registry. */
@Component({ name: 'selfservice', immediate: true, configurationPid: ['selfservice'] })
export class SelfService {
  readonly #held = new DisposableStore();

  constructor(
    @Reference(GroupwareBridge) private readonly bridge: GroupwareBridge,
    @Reference(DeviceRegistry) private readonly registry: DeviceRegistry,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly log: Logger,
    @Inject(Scheduler) private readonly scheduler: Scheduler,
    @Config() private readonly config: SelfServiceConfig,
  ) {}

  @Activate()
  activate({ bundleContext: context }: ComponentContext): void {
    const { bridge, registry, clock, log, config } = this;
    const sessions = this.#held.add(
      new PageSessions(clock, {
        idle: config['selfservice.idle_minutes'] * minute,
        longest: config['selfservice.session_hours'] * hour,
      }),
    );
    const limit = new LoginLimit(clock, {
      attempts: config['selfservice.login_attempts'],
      window: config['selfservice.login_minutes'] * minute,
    });
    const signer = new ProfileSigner(config, clock, log);
    if (!signer.isConfigured) log.info('profiles for Apple devices are not signed: set profile.certificate');
    const links = new SetupLinks(clock);
    const routes = pageRouter({ bridge, registry, clock, log, config, sessions, limit, links, signer });
    const path = config['selfservice.path'];
    this.#held.add(
      this.scheduler.schedule({
        name: 'selfservice sessions',
        every: minute,
        run: () => {
          sessions.purge();
          return Promise.resolve();
        },
      }),
    );
    this.#held.add(context.registerService(HealthCheck, signer, { 'health.name': signer.name }));
    const files = { folder: webFolder, maxAge: 300 };
    this.#held.add(context.registerService(HttpResources, files, { 'http.path': `${path}/assets` }));
    this.#held.add(context.registerService(HttpRoutes, { routes }, { 'http.path': path, 'http.maxBody': largestForm }));
  }

  @Deactivate()
  deactivate(): Promise<void> {
    return this.#held.dispose();
  }
}
