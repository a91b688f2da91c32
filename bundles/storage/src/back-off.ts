/** Growing, jittered waits, so that those who met once do not meet again. */
export interface BackOff {
  /** Milliseconds of the first wait, and the longest. */
  readonly first: number;
  readonly longest: number;
}

/** @returns milliseconds to wait after failure number `attempt`, from 1: between half and all of the grown interval */
export function backOffDelay({ first, longest }: BackOff, attempt: number): number {
  const interval = Math.min(longest, first * 2 ** (attempt - 1));
  return interval * (0.5 + Math.random() / 2);
}
