import { OxtenderError } from '@oxtender/bundle-api';
import type { CommonStatusCode } from './common-status';

/**
 * A valid request that is not carried out. The code says why, in the words of [MS-ASCMD] "Common Status Codes"; the
 * transport turns it into the Status element or the HTTP status of the version.
 */
export class Refused extends OxtenderError<CommonStatusCode> {}
