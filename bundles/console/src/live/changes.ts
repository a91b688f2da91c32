import type { Clock, Event, EventHandler } from '@oxtender/bundle-api';

export type Change = 'bundles' | 'configurations' | 'health';

/** What browsers look at, by the topics that tell of changes in it. */
const kinds: readonly (readonly [topic: string, kind: Change])[] = [
  ['host/bundle/', 'bundles'],
  ['host/framework/', 'bundles'],
  // A component that waited runs again when what it needs has come: its bundle's state is the same.
  ['host/service/', 'bundles'],
  ['host/config/', 'configurations'],
  ['host/health/', 'health'],
];

/** Milliseconds: a start of a bundle is many events, and one news. */
const quiet = 250;

/** Tells browsers that what they show has changed, so that they look again. */
export class Changes implements EventHandler, Disposable {
  readonly #listeners = new Set<(changes: readonly Change[]) => void>();
  readonly #pending = new Set<Change>();
  #timer: Disposable | undefined;

  static readonly topics = kinds.map(([topic]) => `${topic}*`);

  constructor(private readonly clock: Clock) {}

  handleEvent({ topic }: Event): void {
    const found = kinds.find(([prefix]) => topic.startsWith(prefix));
    if (!found || this.#listeners.size === 0) return;
    this.#pending.add(found[1]);
    this.#timer ??= this.clock.setTimeout(() => this.#tell(), quiet);
  }

  listen(listener: (changes: readonly Change[]) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#listeners.clear();
  }

  #tell(): void {
    this.#timer = undefined;
    const changes = [...this.#pending];
    this.#pending.clear();
    for (const listener of this.#listeners) listener(changes);
  }
}
