import type { Sample } from '../model';

type Change = 'bundles' | 'configurations' | 'health';

/** Points that are kept: as many as the server does. */
const most = 720;

/** The one stream of the page: figures, and what has changed. Nothing is streamed to a page that nobody sees. */
export class LiveFeed {
  #samples: readonly Sample[] = [];
  #source: EventSource | undefined;
  readonly #sampleListeners = new Set<() => void>();
  readonly #changeListeners = new Set<(kinds: readonly Change[]) => void>();

  constructor(private readonly onBroken: () => void) {}

  /** Oldest first; another array whenever one is added. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** @returns how to end it */
  open(): () => void {
    const follow = (): void => {
      if (document.visibilityState === 'visible') this.#connect();
      else this.#disconnect();
    };
    document.addEventListener('visibilitychange', follow);
    follow();
    return () => {
      document.removeEventListener('visibilitychange', follow);
      this.#disconnect();
    };
  }

  onSample(listener: () => void): () => void {
    this.#sampleListeners.add(listener);
    return () => this.#sampleListeners.delete(listener);
  }

  onChange(listener: (kinds: readonly Change[]) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  #connect(): void {
    if (this.#source) return;
    const source = new EventSource('/api/live');
    this.#source = source;
    source.addEventListener('past', ({ data }: MessageEvent<string>) => this.#take(JSON.parse(data) as Sample[]));
    source.addEventListener('sample', ({ data }: MessageEvent<string>) =>
      this.#take([...this.#samples.slice(-most + 1), JSON.parse(data) as Sample]),
    );
    source.addEventListener('changed', ({ data }: MessageEvent<string>) => {
      for (const listener of this.#changeListeners) listener(JSON.parse(data) as Change[]);
    });
    source.addEventListener('error', () => {
      // The browser tries again by itself, unless it was refused.
      if (source.readyState === EventSource.CLOSED) {
        this.#source = undefined;
        this.onBroken();
      }
    });
  }

  #disconnect(): void {
    this.#source?.close();
    this.#source = undefined;
  }

  #take(samples: readonly Sample[]): void {
    this.#samples = samples;
    for (const listener of this.#sampleListeners) listener();
  }
}
