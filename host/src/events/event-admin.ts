import type { BundleContext, Clock, Event, EventAdmin, Filter, Logger } from '@oxtender/bundle-api';
import { createFilter, EventHandler } from '@oxtender/bundle-api';
import { type LiveService, LiveServices } from '../tracking/live-services';
import { EventQueue } from './event-queue';
import { checkTopic, topicMatcher } from './topic';

interface Handler {
  readonly live: LiveService<EventHandler>;
  readonly topics: readonly ((topic: string) => boolean)[];
  /** What the topics were made of. */
  readonly patterns: readonly string[];
  readonly filter: Filter | undefined;
  readonly queue: EventQueue;
}

export interface EventAdminOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds after which a handler is reported. Default 5000. */
  readonly patience?: number;
  /** Events that may wait for one handler. Default 1000. */
  readonly capacity?: number;
}

/** Carries events to their handlers. OSGi Compendium, "Event Admin"; rules E1 to E6. */
export class HostEventAdmin implements EventAdmin {
  readonly #handlers = new Map<LiveService<EventHandler>, Handler>();
  #set: LiveServices<EventHandler> | undefined;

  constructor(private readonly options: EventAdminOptions) {}

  open(context: BundleContext): void {
    this.#set = new LiveServices(context, EventHandler, {
      added: (live) => this.#replace(live),
      changed: (live) => this.#replace(live),
      removed: (live) => this.#remove(live),
    });
  }

  /** True if a handler might get an event whose topic begins so: spares making events for nobody. */
  isHeardBelow(prefix: string): boolean {
    for (const { patterns } of this.#handlers.values())
      if (patterns.some((pattern) => overlaps(pattern, prefix))) return true;
    return false;
  }

  post(topic: string, properties: Readonly<Record<string, unknown>> = {}): void {
    checkTopic(topic);
    for (const { queue, event } of this.#accept(topic, properties)) void queue.deliver(event);
  }

  async send(topic: string, properties: Readonly<Record<string, unknown>> = {}): Promise<void> {
    checkTopic(topic);
    await Promise.all(this.#accept(topic, properties).map(({ queue, event }) => queue.deliver(event)));
  }

  /** The handlers are those of this moment, the best ranked first (rules E4, E5). */
  #accept(topic: string, properties: Readonly<Record<string, unknown>>): { queue: EventQueue; event: Event }[] {
    if (this.#handlers.size === 0) return [];
    const event: Event = Object.freeze({
      topic,
      properties: Object.freeze({ ...copied(properties), 'event.topics': topic }),
    });
    return (this.#set?.values() ?? []).flatMap((live) => {
      const handler = this.#handlers.get(live);
      if (!handler?.topics.some((matches) => matches(topic))) return [];
      return !handler.filter || handler.filter.match(event.properties) ? [{ queue: handler.queue, event }] : [];
    });
  }

  #replace(live: LiveService<EventHandler>): void {
    const { clock, log, patience = 5000, capacity = 1000 } = this.options;
    const { reference } = live;
    const owner = reference.bundle?.symbolicName ?? '';
    const known = this.#handlers.get(live);
    this.#handlers.delete(live);
    const filter = this.#filterOf(live, owner);
    if (filter === 'bad') return;
    const unordered = asList(reference.getProperty('event.delivery')).includes('async.unordered');
    const queue =
      known?.queue ?? new EventQueue(() => live.service, { clock, log, owner, unordered, patience, capacity });
    const patterns = asList(reference.getProperty('event.topics'));
    this.#handlers.set(live, { live, topics: this.#topicsOf(patterns, owner), patterns, filter, queue });
  }

  #remove(live: LiveService<EventHandler>): void {
    this.#handlers.get(live)?.queue.close();
    this.#handlers.delete(live);
  }

  #topicsOf(patterns: readonly string[], owner: string): ((topic: string) => boolean)[] {
    return patterns.flatMap((pattern) => {
      const matcher = topicMatcher(pattern);
      if (!matcher) this.options.log.warn('not a topic pattern', { handler: owner, pattern });
      return matcher ? [matcher] : [];
    });
  }

  #filterOf({ reference }: LiveService<EventHandler>, owner: string): Filter | 'bad' | undefined {
    const text = reference.getProperty('event.filter');
    if (typeof text !== 'string') return undefined;
    try {
      return createFilter(text);
    } catch (error) {
      this.options.log.warn('an event handler has a bad filter and is ignored', { handler: owner, error });
      return 'bad';
    }
  }
}

/** Arrays and plain objects are copied; what has an identity of its own, a bundle or an error, is not. */
function copied(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      isPlain(value) ? Object.freeze(structuredClone(value)) : value,
    ]),
  );
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/** A pattern that ends in a star matches what is below, so one may begin with the other. */
function overlaps(pattern: string, prefix: string): boolean {
  const stem = pattern.endsWith('*') ? pattern.slice(0, -1) : pattern;
  return stem.startsWith(prefix) || (pattern.endsWith('*') && prefix.startsWith(stem));
}

function asList(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'string');
}
