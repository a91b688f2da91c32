import type { LogLevel } from '@oxtender/bundle-api';

/** Weakest first. */
export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

export function isLogLevel(text: string): text is LogLevel {
  return (logLevels as readonly string[]).includes(text);
}

/** Levels by prefix of the logger's name, the longest matching prefix wins (rule B5). */
export class LogLevels {
  readonly #byPrefix = new Map<string, LogLevel>([['', 'info']]);
  /** Grows with each change, so that loggers know when the rank they remember is stale. */
  version = 0;

  set(prefix: string, level: LogLevel | undefined): void {
    if (level !== undefined) this.#byPrefix.set(prefix, level);
    else if (prefix === '') this.#byPrefix.set('', 'info');
    else this.#byPrefix.delete(prefix);
    this.version++;
  }

  /** Replaces all. */
  assign(levels: Readonly<Record<string, LogLevel>>): void {
    this.#byPrefix.clear();
    this.#byPrefix.set('', 'info');
    for (const [prefix, level] of Object.entries(levels)) this.#byPrefix.set(prefix, level);
    this.version++;
  }

  /** Rank of the weakest level that the logger `name` writes. */
  rankOf(name: string): number {
    for (let prefix = name; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('.')))) {
      const level = this.#byPrefix.get(prefix);
      if (level) return logLevels.indexOf(level);
    }
    return logLevels.indexOf(this.#byPrefix.get('') ?? 'info');
  }

  toRecord(): Record<string, LogLevel> {
    return Object.fromEntries(this.#byPrefix);
  }
}
