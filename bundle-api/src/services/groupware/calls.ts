/** Cancellation of a call: client gone, deadline, or bundle stopping. @public */
export interface Cancellable {
  readonly signal: AbortSignal;
}

/** Bytes as they come. @public */
export type ByteStream = AsyncIterable<Uint8Array>;

/** What a session handle has cost at the backend so far. Watching is not counted. @public */
export interface BackendCalls {
  readonly count: number;
  /** Sum of the calls' durations; calls that ran side by side count each. */
  readonly milliseconds: number;
}
