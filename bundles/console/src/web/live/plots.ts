import type { Line } from '../parts/plot';

interface PlotDefinition {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
}

/** What the live view shows. */
export const plots: readonly PlotDefinition[] = [
  {
    title: 'Requests',
    unit: 'per second',
    lines: [
      { figure: 'requests', title: 'all', colour: 1 },
      { figure: 'failedRequests', title: 'failed', colour: 3 },
    ],
  },
  {
    title: 'Latency',
    unit: 'ms, waits left out',
    lines: [
      { figure: 'latencyMedian', title: 'median', colour: 1 },
      { figure: 'latencyHigh', title: '95 %', colour: 2 },
    ],
  },
  {
    title: 'Devices',
    unit: 'now',
    lines: [
      { figure: 'waitingDevices', title: 'waiting', colour: 1 },
      { figure: 'requestsInFlight', title: 'requests in flight', colour: 2 },
    ],
  },
  {
    title: 'Calls of Open-Xchange',
    unit: 'per second',
    lines: [
      { figure: 'oxCalls', title: 'all', colour: 1 },
      { figure: 'oxErrors', title: 'failed', colour: 3 },
    ],
  },
  {
    title: 'Answers of Open-Xchange',
    unit: 'ms',
    lines: [{ figure: 'oxLatencyHigh', title: '95 %', colour: 2 }],
  },
  {
    title: 'Database',
    unit: 'statements per second',
    lines: [
      { figure: 'databaseQueries', title: 'all', colour: 1 },
      { figure: 'databaseErrors', title: 'failed', colour: 3 },
    ],
  },
  {
    title: 'Database',
    unit: 'ms',
    lines: [
      { figure: 'databaseLatencyHigh', title: '95 %', colour: 2 },
      { figure: 'databaseWaiting', title: 'statements waiting', colour: 3 },
    ],
  },
  {
    title: 'Memory',
    unit: 'MiB',
    lines: [{ figure: 'memory', title: 'resident', colour: 1 }],
  },
  {
    title: 'Processor',
    unit: '% of one, ms',
    lines: [
      { figure: 'processor', title: 'used', colour: 1 },
      { figure: 'eventLoopLag', title: 'event loop behind (ms)', colour: 2 },
    ],
  },
];
