import { serviceToken } from '../framework/token';

/** Weakest first. @public */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** One line of the log. @public */
export interface LogEntry {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly time: number;
  readonly level: LogLevel;
  /** Name of the logger: symbolic name, then the names of its children, joined by dots. */
  readonly name: string;
  readonly message: string;
  /** Fields of the line and of its loggers: `bundle.id`, `generation`, `requestId`… */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The last lines of the log, and the levels (rule B5). @public */
export interface LogReader {
  /** Oldest first; at most what the ring buffer holds. */
  entries(): LogEntry[];
  /** Calls the listener with each new line until disposed. */
  listen(listener: (entry: LogEntry) => void): Disposable;
  /** Levels by prefix of the logger's name; `''` is the default. */
  levels(): Readonly<Record<string, LogLevel>>;
  /** Effective at once; undefined takes the prefix away. */
  setLevel(prefix: string, level: LogLevel | undefined): void;
}

/** Its token: what it is registered and found by. @public */
export const LogReader = serviceToken<LogReader>('host.LogReader');
