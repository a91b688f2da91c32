import type { LogEntry, LogLevel } from '@oxtender/bundle-api';

interface Line {
  readonly time: number;
  readonly level: LogLevel;
  readonly name: string;
  readonly msg: string;
}

/** The last lines as they were written, so that what the writer redacted stays redacted; parsed when somebody looks. */
export class LogBuffer {
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(entry: LogEntry) => void>();
  #next = 0;

  constructor(private readonly capacity: number) {}

  write(line: string): void {
    this.#lines[this.#next] = line;
    this.#next = (this.#next + 1) % this.capacity;
    if (this.#listeners.size === 0) return;
    const entry = parseEntry(line);
    for (const listener of this.#listeners) listener(entry);
  }

  entries(): LogEntry[] {
    return [...this.#lines.slice(this.#next), ...this.#lines.slice(0, this.#next)].map(parseEntry);
  }

  listen(listener: (entry: LogEntry) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
}

function parseEntry(line: string): LogEntry {
  const { time, level, name, msg, ...fields } = JSON.parse(line) as Line;
  return { time, level, name, message: msg, fields };
}
