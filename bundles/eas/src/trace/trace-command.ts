import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { DeviceTraces, TraceRecord } from './device-traces';

/** `oxtender trace` */
export function traceCommand(traces: DeviceTraces): ConsoleCommand {
  return {
    name: 'trace',
    description: 'requests and answers of a device as they come, as XML without bodies and passwords, until Ctrl-C',
    options: [
      { name: 'device', description: 'id of the device: oxtender devices list', required: true },
      { name: 'user', description: 'login name, where several users have a device of this id' },
    ],
    async run({ options, signal, emit }) {
      const { device, user } = options;
      const listening = traces.listen(String(device), (record) => {
        if (user === undefined || record.user === user) emit({ ...record, text: textOf(record) });
      });
      await aborted(signal);
      listening[Symbol.dispose]();
    },
  };
}

/** A line about it, and the document. */
function textOf(record: TraceRecord): string {
  const { time, direction, command, version, user, requestId, http, durationMs, backendCalls, reason } = record;
  const { bytes, contentType, xml = '' } = record;
  const words = [
    new Date(time).toISOString(),
    direction === 'request' ? '>' : '<',
    [command, version, user, `(${requestId})`],
    http !== undefined && `HTTP ${http}`,
    durationMs !== undefined && `${durationMs} ms`,
    backendCalls !== undefined && `${backendCalls} groupware calls`,
    bytes !== undefined && `${bytes} bytes`,
    contentType,
    reason,
  ];
  return `${words.flat().filter(Boolean).join(' ')}\n${xml}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
