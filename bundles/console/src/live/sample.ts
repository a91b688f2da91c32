/** What is plotted; null where nobody counts it, or nothing was there to be measured. */
export interface Figures {
  /** Per second; answered 500 and above among them. */
  readonly requests: number | null;
  readonly failedRequests: number | null;
  /** Milliseconds; requests that took longer than the largest bucket are waits of devices, and are left out. */
  readonly latencyMedian: number | null;
  readonly latencyHigh: number | null;
  readonly waitingDevices: number | null;
  readonly requestsInFlight: number | null;
  /** Per second. */
  readonly oxCalls: number | null;
  readonly oxErrors: number | null;
  readonly oxLatencyHigh: number | null;
  readonly databaseQueries: number | null;
  readonly databaseErrors: number | null;
  readonly databaseLatencyHigh: number | null;
  readonly databaseWaiting: number | null;
  /** Mebibytes. */
  readonly memory: number | null;
  /** Per cent of one processor. */
  readonly processor: number | null;
  /** Milliseconds. */
  readonly eventLoopLag: number | null;
}

/** The figures of one moment. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly figures: Figures;
}
