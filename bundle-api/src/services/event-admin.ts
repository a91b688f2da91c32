import { serviceToken } from '../framework/token';

/** An immutable event. Two events of one topic with equal properties are equal (rule E1). @public */
export interface Event {
  readonly topic: string;
  /** Frozen; always contains `event.topics`, the topic. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Carries events from posters to {@link EventHandler} services. OSGi Compendium, "Event Admin"; reference section 11.
 *
 * A topic is tokens of letters, digits, `_` and `-` joined by `/`. The host's own events are under `host/`:
 * `host/bundle/STARTED`, `host/framework/ERROR`, `host/service/REGISTERED`, `host/config/CM_UPDATED`,
 * `host/health/CHANGED`, `host/log/ERROR` (rule E7).
 *
 * @public
 */
export interface EventAdmin {
  /** Returns at once. One handler sees the events of one poster in order (rule E4). @throws TypeError bad topic */
  post(topic: string, properties?: Readonly<Record<string, unknown>>): void;
  /** Resolves when all handlers are done; a failing handler is logged and does not reject. @throws TypeError bad topic */
  send(topic: string, properties?: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Its token: what it is registered and found by. @public */
export const EventAdmin = serviceToken<EventAdmin>('host.EventAdmin');

/**
 * Service properties: `event.topics` (one or several: exact, `a/b/*` for everything below, `*`), `event.filter`
 * (LDAP filter over the event's properties), `event.delivery=async.unordered` (rules E2 to E4).
 *
 * @consumer @public
 */
export interface EventHandler {
  /** Gets an event. A promise is awaited by `send`, up to 5 seconds (rule E6); throwing is logged. */
  handleEvent(event: Event): void | Promise<void>;
}

/** Its token: what it is registered and found by. @public */
export const EventHandler = serviceToken<EventHandler>('host.EventHandler');
