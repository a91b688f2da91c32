import { OxtenderError } from '@oxtender/bundle-api';

/**
 * - `NOT_FOUND`: no such page, or no device of that id that is the user's
 * - `FORBIDDEN`: the request was not made by a page of ours, or the thing is not for users
 * - `INVALID`: a form without what it must have
 * - `LINK_OVER`: the link of a QR code that is too old
 */
export type PageErrorCode = 'NOT_FOUND' | 'FORBIDDEN' | 'INVALID' | 'LINK_OVER';

/** A request that is not carried out, in a way that the user is told. */
export class PageError extends OxtenderError<PageErrorCode> {}
