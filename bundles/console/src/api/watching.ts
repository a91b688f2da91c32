import type { LogEntry, LogLevel } from '@oxtender/bundle-api';
import { EventStream } from '../http/event-stream';
import type { ApiCall, ApiRoute } from './api-call';

const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** Lines of the past that a new reader of the log gets. */
const past = 300;

export const watchingRoutes: readonly ApiRoute[] = [
  { method: 'get', path: '/health', role: 'read', handle: ({ operator }) => operator.result('health') },
  { method: 'get', path: '/live', role: 'read', handle: streamLive },
  { method: 'get', path: '/log', role: 'read', handle: streamLog },
  {
    method: 'get',
    path: '/audit',
    role: 'read',
    handle: async ({ operator }) =>
      (await operator.result<object[]>('history', [], { options: { lines: 500 } })).reverse(),
  },
];

/** Figures: those of the last hour at once, then each as it is taken; and what has changed. */
function streamLive({ context, signal, parts: { sampler, changes, clock } }: ApiCall): void {
  const stream = new EventStream(context, { clock, signal });
  stream.send('past', sampler.samples);
  const held = [
    sampler.listen((sample) => stream.send('sample', sample)),
    changes.listen((kinds) => stream.send('changed', kinds)),
  ];
  stream.onClose(() => {
    for (const each of held) each[Symbol.dispose]();
  });
}

/** Lines of the log that match: `level` and worse, `name` as prefix of the logger, `text` anywhere. */
function streamLog(call: ApiCall): void {
  const { context, signal, parts } = call;
  const matches = filterOf(call);
  const stream = new EventStream(context, { clock: parts.clock, signal });
  stream.send('past', parts.logReader.entries().filter(matches).slice(-past));
  const listening = parts.logReader.listen((entry) => {
    if (matches(entry)) stream.send('entry', entry);
  });
  stream.onClose(() => listening[Symbol.dispose]());
}

function filterOf(call: ApiCall): (entry: LogEntry) => boolean {
  const rank = Math.max(0, levels.indexOf(call.query('level') as LogLevel));
  const name = call.query('name');
  const text = call.query('text').toLowerCase();
  return (entry) =>
    levels.indexOf(entry.level) >= rank &&
    entry.name.startsWith(name) &&
    (text === '' || `${entry.message} ${JSON.stringify(entry.fields)}`.toLowerCase().includes(text));
}
