import type { GroupwareUser } from '@oxtender/bundle-api';
import { deviceUid } from '../../src/uids/device-uid';
import type { UidMapping } from '../../src/uids/uid-mapping';

/** Keeps nothing longer than a test. */
export class MemoryUidMapping implements UidMapping {
  readonly #originals = new Map<string, string>();

  remember({ userId }: Pick<GroupwareUser, 'userId'>, uids: Iterable<string>): Promise<void> {
    for (const uid of uids) this.#originals.set(`${userId}/${deviceUid(uid)}`, uid);
    return Promise.resolve();
  }

  original({ userId }: Pick<GroupwareUser, 'userId'>, uid: string): Promise<string> {
    return Promise.resolve(this.#originals.get(`${userId}/${uid}`) ?? uid);
  }
}
