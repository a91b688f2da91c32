import { isatty } from 'node:tty';
import type { HostOptions } from './command-line';
import { environmentVariable } from './environment';
import { HeapGrowth } from './heap-growth';
import { Host } from './host';
import { logOutput } from '../log/destination';
import { ServiceManager } from './service-manager';

/** Milliseconds after which a stop that hangs is cut off. */
const stopLimit = 9500;

/** Runs the host until a signal ends it. */
export async function run(options: HostOptions): Promise<void> {
  const terminal = isatty(2);
  const output = logOutput(2, { pretty: terminal, colors: terminal && environmentVariable('NO_COLOR') === undefined });
  const host = new Host(options, output);
  const { clock, configuration } = host.services;
  const heapGrowth = new HeapGrowth({ percent: configuration.settings['host.memory.growth'], clock });
  const ended = new AbortController();
  const manager = ServiceManager.fromEnvironment(clock, host.services.logging.logger('host.systemd'));

  const stop = (signal: NodeJS.Signals): void => {
    if (ended.signal.aborted) return;
    ended.abort(new Error(signal));
    host.log.info('stopping', { signal });
    void manager?.stopping();
    setTimeout(() => end(0), stopLimit).unref();
    host.stop().then(
      () => end(0),
      (error: unknown) => {
        host.log.error('stop failed', { error });
        end(0);
      },
    );
  };
  const end = (status: number): void => {
    output.flush();
    process.exit(status);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);

  const url = await host.start();
  heapGrowth.start();
  // It serves what it can from here on, and what waits for another server heals by itself.
  await manager?.ready(url);
  await host.ready(ended.signal).catch((error: unknown) => {
    if (!ended.signal.aborted) throw error;
  });
  if (!ended.signal.aborted) process.stdout.write(`ready ${url}\n`);
}
