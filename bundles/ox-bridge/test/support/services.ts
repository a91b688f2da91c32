import type { Clock, Logger, Metrics } from '@oxtender/bundle-api';

/** The time that passes; timers do not keep the process alive. */
export const realClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => disposableTimer(setTimeout(callback, milliseconds)),
  setInterval: (callback, milliseconds) => disposableTimer(setInterval(callback, milliseconds)),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

function disposableTimer(timer: NodeJS.Timeout): Disposable {
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Keeps what is logged. */
export class RecordingLog implements Logger {
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[] = [];

  trace(message: string, fields = {}): void {
    this.#keep('trace', message, fields);
  }

  debug(message: string, fields = {}): void {
    this.#keep('debug', message, fields);
  }

  info(message: string, fields = {}): void {
    this.#keep('info', message, fields);
  }

  warn(message: string, fields = {}): void {
    this.#keep('warn', message, fields);
  }

  error(message: string, fields = {}): void {
    this.#keep('error', message, fields);
  }

  child(): Logger {
    return this;
  }

  isEnabled(): boolean {
    return true;
  }

  #keep(level: string, message: string, fields: Record<string, unknown>): void {
    this.lines.push({ level, message, fields });
  }
}

/** Counts what is measured, by metric and labels. */
export class RecordingMetrics implements Metrics {
  readonly counts = new Map<string, number>();

  counter({ name }: { name: string }): ReturnType<Metrics['counter']> {
    return { add: (value = 1, labels = {}) => this.#add(`${name}${JSON.stringify(labels)}`, value) };
  }

  gauge(): ReturnType<Metrics['gauge']> {
    return { set: () => undefined };
  }

  histogram({ name }: { name: string }): ReturnType<Metrics['histogram']> {
    return { observe: (_value, labels = {}) => this.#add(`${name}${JSON.stringify(labels)}`, 1) };
  }

  #add(key: string, value: number): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + value);
  }
}
