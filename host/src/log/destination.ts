import pino from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { LogDestination } from './logging';

/** A destination that must be flushed before the process ends. */
export interface LogOutput extends LogDestination {
  flush(): void;
}

/** JSON lines to a file descriptor, or text for a person when it is a terminal. */
export function logOutput(fd: number, options: { pretty: boolean; colors: boolean }): LogOutput {
  const output = new TurnOutput(fd);
  if (!options.pretty) return output;
  const pretty = prettyFactory({
    colorize: options.colors,
    translateTime: 'SYS:HH:MM:ss.l',
    errorLikeObjectKeys: ['error'],
  });
  return { write: (line) => output.write(pretty(line)), flush: () => output.flush() };
}

/** Lines of one turn of the event loop go out together: a write for each would cost more than the line. */
class TurnOutput implements LogOutput {
  readonly #stream;
  #lines = '';

  constructor(fd: number) {
    this.#stream = pino.destination({ fd, sync: false, minLength: 0 });
  }

  write(line: string): void {
    if (this.#lines === '') setImmediate(this.#hand);
    this.#lines += line;
  }

  flush(): void {
    this.#hand();
    this.#stream.flushSync();
  }

  readonly #hand = (): void => {
    if (this.#lines === '') return;
    this.#stream.write(this.#lines);
    this.#lines = '';
  };
}
