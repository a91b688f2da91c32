import type { Clock } from '@oxtender/bundle-api';

/** What the sandbox needs of a clock. Without timers nothing is delayed: push messages go out at once. */
export type SandboxClock = Pick<Clock, 'now'> & Partial<Pick<Clock, 'setTimeout' | 'sleep'>>;
