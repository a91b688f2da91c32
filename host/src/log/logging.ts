import type { Clock, LogEntry, LogFields, Logger, LogLevel, LogReader } from '@oxtender/bundle-api';
import pino from 'pino';
import { errorFields } from './error-fields';
import { LogBuffer } from './log-buffer';
import { LogLevels, logLevels } from './log-levels';
import { masked } from './masking';

/** Where lines go: a file descriptor's stream, a pretty printer. */
export interface LogDestination {
  write(line: string): void;
}

export interface LoggingOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly destination: LogDestination;
  /** Lines kept for `oxtender log`. Default 2000. */
  readonly bufferSize?: number;
}

/** The log of the host: one pino, a ring buffer, and levels by prefix that may change at any time (rule B5). */
export class Logging implements LogReader {
  readonly #levels = new LogLevels();
  readonly #buffer: LogBuffer;
  readonly #pino: pino.Logger;

  constructor({ clock, destination, bufferSize = 2000 }: LoggingOptions) {
    this.#buffer = new LogBuffer(bufferSize);
    const buffer = this.#buffer;
    this.#pino = pino(
      {
        level: 'trace',
        base: null,
        timestamp: () => `,"time":${clock.now()}`,
        formatters: { level: (label) => ({ level: label }), log: masked },
        serializers: { error: (error: unknown) => errorFields(error) },
      },
      {
        write(line: string): void {
          buffer.write(line);
          destination.write(line);
        },
      },
    );
  }

  /** The logger of one bundle, or of a part of the host. */
  logger(name: string, fields: LogFields = {}): Logger {
    return new HostLogger({ root: this.#pino, levels: this.#levels, name, fields });
  }

  entries(): LogEntry[] {
    return this.#buffer.entries();
  }

  listen(listener: (entry: LogEntry) => void): Disposable {
    return this.#buffer.listen(listener);
  }

  levels(): Record<string, LogLevel> {
    return this.#levels.toRecord();
  }

  setLevel(prefix: string, level: LogLevel | undefined): void {
    this.#levels.set(prefix, level);
  }

  setLevels(levels: Readonly<Record<string, LogLevel>>): void {
    this.#levels.assign(levels);
  }
}

interface LoggerParts {
  readonly root: pino.Logger;
  readonly levels: LogLevels;
  readonly name: string;
  readonly fields: LogFields;
}

/** One of its own for a request costs next to nothing: what it adds is put together when a line is written. */
class HostLogger implements Logger {
  #rank = 0;
  #version = -1;

  constructor(private readonly parts: LoggerParts) {}

  trace(message: string, fields?: LogFields): void {
    this.#write('trace', message, fields);
  }
  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }
  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }
  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }
  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  child(fields: LogFields, name?: string): Logger {
    const { parts } = this;
    return new HostLogger({
      ...parts,
      name: name === undefined ? parts.name : `${parts.name}.${name}`,
      fields: { ...parts.fields, ...fields },
    });
  }

  isEnabled(level: LogLevel): boolean {
    const { levels, name } = this.parts;
    if (this.#version !== levels.version) {
      this.#version = levels.version;
      this.#rank = levels.rankOf(name);
    }
    return logLevels.indexOf(level) >= this.#rank;
  }

  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    if (!this.isEnabled(level)) return;
    const { root, name, fields: own } = this.parts;
    root[level]({ name, ...own, ...fields }, message);
  }
}
