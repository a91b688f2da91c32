import pino from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { LogDestination } from './logging';

/** A destination that must be flushed before the process ends. */
export interface LogOutput extends LogDestination {
  flush(): void;
}

/** JSON lines to a file descriptor, or text for a person when it is a terminal. */
export function logOutput(fd: number, options: { pretty: boolean; colors: boolean }): LogOutput {
  const stream = pino.destination({ fd, sync: false, minLength: 0 });
  const flush = (): void => stream.flushSync();
  if (!options.pretty) return { write: (line) => void stream.write(line), flush };
  const pretty = prettyFactory({
    colorize: options.colors,
    translateTime: 'SYS:HH:MM:ss.l',
    errorLikeObjectKeys: ['error'],
  });
  return { write: (line) => void stream.write(pretty(line)), flush };
}
