import type { Body, Instant } from './values';

/** A note: a text with a title. [MS-ASNOTE]. @public */
export interface Note {
  readonly subject?: string;
  readonly body?: Body;
  readonly categories?: readonly string[];
  readonly lastModified?: Instant;
}
