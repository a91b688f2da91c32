import type { CollectionId, FolderRef, GroupwareSession } from '@oxtender/bundle-api';
import type { CollectionAddress } from '../tables/collection-address';
import type { UserWatch } from '../wait/user-watch';

/** A folder on one device, with the way to its content. */
export interface Collection {
  readonly id: CollectionId;
  readonly address: CollectionAddress;
  readonly folder: FolderRef;
  readonly groupware: GroupwareSession;
  /** Running while a device of the user waits. */
  readonly watch: UserWatch | undefined;
}
