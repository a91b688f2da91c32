import pino from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { LogDestination } from './logging';

/** A destination that must be flushed before the process ends. */
export interface LogOutput extends LogDestination {
  flush(): void;
}

/** JSON lines to a file descriptor, or text for a person when it is a terminal. */
export function logOutput(fd: number, options: { pretty: boolean; colors: boolean }): LogOutput {
  const output = new GatheredOutput(fd);
  if (!options.pretty) return output;
  const pretty = prettyFactory({
    colorize: options.colors,
    translateTime: 'SYS:HH:MM:ss.l',
    errorLikeObjectKeys: ['error'],
  });
  return { write: (line) => output.write(pretty(line)), flush: () => output.flush() };
}

/** Milliseconds for which a busy host gathers lines. */
const gathering = 20;

/**
 * Lines of one turn of the event loop go out together, and those of the next milliseconds where many come: a write for each
 * costs more than the line. However the process ends by itself, its last lines are written.
 */
class GatheredOutput implements LogOutput {
  readonly #stream;
  #lines = '';
  #last = 0;

  constructor(fd: number) {
    this.#stream = pino.destination({ fd, sync: false, minLength: 0 });
    process.once('exit', () => this.flush());
  }

  write(line: string): void {
    if (this.#lines === '') this.#schedule();
    this.#lines += line;
  }

  flush(): void {
    this.#hand();
    this.#stream.flushSync();
  }

  #schedule(): void {
    const rest = this.#last + gathering - performance.now();
    if (rest > 0) setTimeout(this.#hand, rest).unref();
    else setImmediate(this.#hand);
  }

  readonly #hand = (): void => {
    if (this.#lines === '') return;
    this.#last = performance.now();
    this.#stream.write(this.#lines);
    this.#lines = '';
  };
}
