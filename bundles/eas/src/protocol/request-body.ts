import type { StoredBytes } from '../wbxml';
import type { Infer, Shape } from './schema';

/** A command's request where it is not simply one document. */
export interface RequestBody<T> {
  /** The document's schema; none when the command has no document at all. */
  readonly document?: Shape<unknown>;
  /** No body at all: the request then is `undefined`. */
  readonly mayBeEmpty: boolean;
  /** A body of type message/rfc822: the request then is a {@link MailBody}. */
  readonly mayBeMime: boolean;
  /** Only for the compiler. */
  readonly __request?: T;
}

/** Whatever a command declares as its request. */
export type RequestSchema = Shape<unknown> | RequestBody<unknown>;

/** The type of the request that the command's handler is given. */
export type RequestOf<S> = S extends RequestBody<infer T> ? T : Infer<S>;

/** A document or no body: `undefined`. */
export function optionalBody<S extends Shape<unknown>>(document: S): RequestBody<Infer<S> | undefined> {
  return { document, mayBeEmpty: true, mayBeMime: false };
}

/** Never a document: GetAttachment, GetHierarchy. */
export const noBody: RequestBody<undefined> = { mayBeEmpty: true, mayBeMime: false };

/** A mail that is a body by itself. */
export class MailBody {
  constructor(readonly bytes: StoredBytes) {}
}

/** A document, or a mail by itself up to 12.1. */
export function documentOrMime<S extends Shape<unknown>>(document: S): RequestBody<Infer<S> | MailBody> {
  return { document, mayBeEmpty: false, mayBeMime: true };
}

/** The schema in its long form. */
export function requestBodyOf(schema: RequestSchema): RequestBody<unknown> {
  return 'mayBeEmpty' in schema ? schema : { document: schema, mayBeEmpty: false, mayBeMime: false };
}
