import { OxtenderError } from '@oxtender/bundle-api';

/**
 * - `NO_ROOM`: the disk is full, or what is written to it fails
 */
export type ContentErrorCode = 'NO_ROOM';

/** Large contents cannot be kept while a request is worked on. */
export class ContentError extends OxtenderError<ContentErrorCode> {}
