import { isOxtenderError } from '@oxtender/bundle-api';
import type { Texts } from '../texts';

/** What a user is told of an error. */
export interface Failure {
  readonly status: number;
  readonly text: string;
  /** Something for the operator to look into. */
  readonly isOurs: boolean;
}

type TextKey = { [K in keyof Texts]: Texts[K] extends string ? K : never }[keyof Texts];

const meanings: Readonly<Record<string, readonly [status: number, text: TextKey]>> = {
  NOT_FOUND: [404, 'notFound'],
  UNKNOWN_DEVICE: [404, 'notFound'],
  LINK_OVER: [404, 'linkOver'],
  FORBIDDEN: [403, 'forbidden'],
  NOT_ALLOWED: [403, 'notAllowed'],
  INVALID: [400, 'invalid'],
  UNAVAILABLE: [503, 'unavailable'],
  BROKEN_ANSWER: [503, 'unavailable'],
  BUSY: [503, 'unavailable'],
  OVERLOADED: [503, 'unavailable'],
};

/** The one place where an error becomes a status and a sentence. */
export function failureOf(error: unknown, texts: Texts): Failure {
  const known = isOxtenderError(error) && Object.hasOwn(meanings, error.code) ? meanings[error.code] : undefined;
  if (!known) return { status: 500, text: texts.failed, isOurs: true };
  const [status, text] = known;
  return { status, text: texts[text], isOurs: false };
}
