import { createHash } from 'node:crypto';

/** Longest UID of an event. [MS-ASCAL] "UID". */
export const maxUid = 300;

const shortened = /^oxtender-[0-9a-f]{64}$/;

/** The UID that devices get: the calendar's own, or one that stands for it where that is longer than the protocol has it. */
export function deviceUid(uid: string): string {
  return uid.length <= maxUid ? uid : `oxtender-${createHash('sha256').update(uid).digest('hex')}`;
}

/** True for what {@link deviceUid} may have made. */
export function isShortened(uid: string): boolean {
  return shortened.test(uid);
}
