import type {
  BundleContext,
  BundleEvent,
  ConfigurationEvent,
  FrameworkEvent,
  LogEntry,
  LogReader,
  ServiceEvent,
} from '@oxtender/bundle-api';
import { EventHandler } from '@oxtender/bundle-api';
import { errorText } from '../log/error-fields';
import { LiveServices } from '../tracking/live-services';
import type { RejectedConfiguration } from '../configuration/configuration-admin';
import type { CheckReport } from '../health/health-service';
import type { HostEventAdmin } from './event-admin';

/** Where the host's events come from, beside the framework. */
export interface EventSources {
  readonly log: LogReader;
  readonly onConfiguration: (listener: (event: ConfigurationEvent) => void) => Disposable;
  readonly onRejected: (listener: (rejected: RejectedConfiguration) => void) => Disposable;
  readonly onHealth: (listener: (report: CheckReport) => void) => Disposable;
}

/**
 * The host's own events as topics below `host/` (rule E7). Each source is listened to only while somebody hears its
 * topics: an event for nobody costs nothing.
 */
export class EventBridge {
  readonly #sources: readonly Source[];

  constructor(
    context: BundleContext,
    private readonly admin: HostEventAdmin,
    sources: EventSources,
  ) {
    const onBundle = (event: BundleEvent): void => this.#bundle(event);
    const onService = (event: ServiceEvent): void => this.#service(event);
    const onFramework = (event: FrameworkEvent): void => this.#framework(event);
    this.#sources = [
      new Source('host/bundle/', () => {
        context.addBundleListener(onBundle);
        return disposable(() => context.removeBundleListener(onBundle));
      }),
      new Source('host/service/', () => {
        context.addServiceListener(onService);
        return disposable(() => context.removeServiceListener(onService));
      }),
      new Source('host/framework/', () => {
        context.addFrameworkListener(onFramework);
        return disposable(() => context.removeFrameworkListener(onFramework));
      }),
      new Source('host/log/', () => sources.log.listen((entry) => this.#log(entry))),
      new Source('host/config/', () => {
        const both = [
          sources.onConfiguration((event) => this.#configuration(event)),
          sources.onRejected((rejected) => this.#rejected(rejected)),
        ];
        return disposable(() => both.forEach((each) => each[Symbol.dispose]()));
      }),
      new Source('host/health/', () => sources.onHealth((report) => this.#health(report))),
    ];
    const update = (): void => this.#update();
    new LiveServices(context, EventHandler, { added: update, changed: update, removed: update });
  }

  /** Listens to what is heard, and to nothing else. */
  #update(): void {
    // After the event admin, which is told of the same handler in the same event, has taken it in.
    queueMicrotask(() => {
      for (const source of this.#sources) source.listenIf(this.admin.isHeardBelow(source.prefix));
    });
  }

  #bundle({ type, bundle }: BundleEvent): void {
    this.admin.post(`host/bundle/${type}`, bundleProperties(bundle));
  }

  #service({ type, reference }: ServiceEvent): void {
    const properties = {
      'service.id': reference.getProperty('service.id'),
      'service.objectClass': reference.getProperty('objectClass'),
      ...(reference.bundle && bundleProperties(reference.bundle)),
    };
    this.admin.post(`host/service/${type}`, properties);
  }

  #framework({ type, bundle, error, message }: FrameworkEvent): void {
    const text = message ?? (error === undefined ? undefined : errorText(error));
    this.admin.post(`host/framework/${type}`, {
      ...bundleProperties(bundle),
      ...(text !== undefined && { 'exception.message': text }),
    });
  }

  /** Not the event admin's own lines: a handler that fails would be called for its own failure, for ever. */
  #log({ level, name, message, time, fields }: LogEntry): void {
    if (name === 'host.events') return;
    this.admin.post(`host/log/${level.toUpperCase()}`, { ...fields, 'log.name': name, message, timestamp: time });
  }

  #rejected({ pid, file, faults }: RejectedConfiguration): void {
    this.admin.post('host/config/REJECTED', {
      'cm.pid': pid,
      file,
      faults: faults.map(({ key, reason }) => `${key} ${reason}`),
    });
  }

  #health({ name, status, message, bundle }: CheckReport): void {
    const text = message === undefined ? {} : { message };
    this.admin.post('host/health/CHANGED', {
      'health.name': name,
      'health.status': status,
      'bundle.symbolicName': bundle,
      ...text,
    });
  }

  #configuration({ type, pid, factoryPid }: ConfigurationEvent): void {
    this.admin.post(`host/config/${type}`, {
      'cm.pid': pid,
      ...(factoryPid !== undefined && { 'cm.factoryPid': factoryPid }),
    });
  }
}

/** Something that tells of events, listened to or not. */
class Source {
  #listening: Disposable | undefined;

  constructor(
    readonly prefix: string,
    private readonly listen: () => Disposable,
  ) {}

  listenIf(wanted: boolean): void {
    if (wanted && !this.#listening) this.#listening = this.listen();
    if (!wanted) {
      this.#listening?.[Symbol.dispose]();
      this.#listening = undefined;
    }
  }
}

function bundleProperties({ id, symbolicName, version }: BundleEvent['bundle']): Record<string, unknown> {
  return { 'bundle.id': id, 'bundle.symbolicName': symbolicName, 'bundle.version': version };
}

function disposable(dispose: () => void): Disposable {
  return { [Symbol.dispose]: dispose };
}
