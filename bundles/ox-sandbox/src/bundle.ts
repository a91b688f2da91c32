import {
  Activate,
  Clock,
  Component,
  type ComponentContext,
  Config,
  ConsoleCommand,
  Deactivate,
  DisposableStore,
  HttpRoutes,
  HttpUpgrade,
  Inject,
  Logger,
} from '@oxtender/bundle-api';
import { type SandboxConfiguration, readOptions } from './configuration';
import { importCommand } from './console/import';
import { seedCommand } from './console/seed';
import { userAddCommand, usersCommand } from './console/users';
import { OxSandbox } from './ox-sandbox';
import { seedDemo } from './seed/demo';
import { makeDemoFile } from './seed/demo-file';

/** The embedded Open-Xchange server: serves the HTTP API, and brings commands to fill it. */
@Component({ name: 'ox-sandbox', immediate: true, configurationPid: ['ox-sandbox'] })
export class SandboxComponent {
  readonly #held = new DisposableStore();

  constructor(
    @Config() private readonly configuration: SandboxConfiguration,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly log: Logger,
  ) {}

  @Activate()
  async activate({ bundleContext: context }: ComponentContext): Promise<void> {
    const { clock, log, configuration } = this;
    const options = readOptions(configuration);
    const file = context.getDataFile('ox.sqlite');
    const demo = configuration['ox.sandbox.seed'] === 'demo';
    if (demo) await makeDemoFile({ file, clock });
    const sandbox = this.#held.add(new OxSandbox({ file, clock, log, options }));
    if (demo) await seedDemo(sandbox);
    const path = configuration['ox.sandbox.prefix'];
    const limits = { 'http.maxBody': options.maxUploadSize };
    this.#held.add(
      context.registerService(HttpRoutes, { routes: sandbox.middleware(path) }, { 'http.path': path, ...limits }),
    );
    if (sandbox.webSockets)
      this.#held.add(context.registerService(HttpUpgrade, sandbox.webSockets, { 'http.path': '/socket.io' }));
    for (const command of [usersCommand, userAddCommand, seedCommand, importCommand])
      this.#held.add(context.registerService(ConsoleCommand, command(sandbox)));
  }

  @Deactivate()
  deactivate(): Promise<void> {
    return this.#held.dispose();
  }
}
