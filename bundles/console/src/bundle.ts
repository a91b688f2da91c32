import {
  Activate,
  Clock,
  Component,
  type ComponentContext,
  Config,
  ConsoleCommand,
  Deactivate,
  DisposableStore,
  EventHandler,
  Inject,
  Logger,
  LogReader,
  Metrics,
  Modified,
  OperatorCommands,
  Reference,
} from '@oxtender/bundle-api';
import { Changes } from './live/changes';
import { loginCommand } from './commands/login-command';
import type { ConsoleConfig } from './config';
import { ConsoleSite } from './console-site';
import { Sampler } from './live/sampler';

/** The operators' web console, on a port of its own. */
@Component({ name: 'console', immediate: true, configurationPid: ['console'] })
export class WebConsole {
  readonly #held = new DisposableStore();
  #site: ConsoleSite | undefined;

  constructor(
    @Reference(OperatorCommands) private readonly commands: OperatorCommands,
    @Reference(LogReader) private readonly logReader: LogReader,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly log: Logger,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Config() private config: ConsoleConfig,
  ) {}

  @Activate()
  async activate({ bundleContext: context }: ComponentContext): Promise<void> {
    const { commands, logReader, clock, log } = this;
    const sampler = this.#held.add(
      new Sampler(commands, clock, log, () => this.config['console.sample_seconds'] * 1000),
    );
    const changes = this.#held.add(new Changes(clock));
    this.#held.add(context.registerService(EventHandler, changes, { 'event.topics': Changes.topics }));
    const site = new ConsoleSite({ commands, logReader, clock, log, sampler, changes });
    this.#site = this.#held.add(site);
    this.metrics.gauge({
      name: 'console_sessions',
      help: 'Operators who are logged in to the web console',
      collect: () => site.sessions.count,
    });
    const login = loginCommand({
      links: () => site.links,
      origin: () => site.origin,
      minutes: () => this.config['console.link_minutes'],
    });
    this.#held.add(context.registerService(ConsoleCommand, login));
    sampler.start();
    await site.open(this.config);
  }

  /** Sessions stay over a change of the settings. */
  @Modified()
  async modify(config: ConsoleConfig): Promise<void> {
    this.config = config;
    await this.#site?.open(config);
  }

  @Deactivate()
  deactivate(): Promise<void> {
    return this.#held.dispose();
  }
}
