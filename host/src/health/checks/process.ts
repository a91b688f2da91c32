import type { HealthCheck, HealthResult } from '@oxtender/bundle-api';
import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** The event loop turns without long stops (rule B3). The monitor runs until disposed. */
export function eventLoopCheck(): HealthCheck & Disposable {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  return {
    name: 'event loop',
    run: (): HealthResult => {
      const p99 = Math.round(delay.percentile(99) / 1e6);
      delay.reset();
      return { status: p99 > 500 ? 'WARN' : 'OK', message: `99 % of turns begin within ${p99} ms`, details: { p99 } };
    },
    [Symbol.dispose]: () => void delay.disable(),
  };
}

/** The heap has room. */
export function heapCheck(): HealthCheck {
  return {
    name: 'heap',
    run: (): HealthResult => {
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
      const percent = Math.round((100 * used) / limit);
      return {
        status: percent > 95 ? 'CRITICAL' : percent > 85 ? 'WARN' : 'OK',
        message: `${percent} % of the heap is used`,
        details: { used, limit },
      };
    },
  };
}

/** The disk has room for the data folder. */
export function diskCheck(folder: string): HealthCheck {
  return {
    name: 'disk',
    run: async (): Promise<HealthResult> => {
      const { bavail, bsize, blocks } = await statfs(folder);
      const percent = Math.round((100 * bavail) / Math.max(1, blocks));
      const free = bavail * bsize;
      const status = free < 50e6 ? 'CRITICAL' : percent < 5 ? 'WARN' : 'OK';
      return { status, message: `${percent} % of the disk is free`, details: { free } };
    },
  };
}
