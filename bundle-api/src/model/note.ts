import type { Body, Instant } from './values';

/** @public */
export interface Note {
  readonly subject?: string;
  readonly body?: Body;
  readonly categories?: readonly string[];
  readonly lastModified?: Instant;
}
