import { OxtenderError } from '@oxtender/bundle-api';

/** A stored state that cannot be read: cut off, or written by a newer release. */
export class StateFormatError extends OxtenderError<'TRUNCATED' | 'UNKNOWN_FORMAT'> {}
