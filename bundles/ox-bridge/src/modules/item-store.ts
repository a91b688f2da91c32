import type {
  Cancellable,
  CreateOptions,
  DeleteOptions,
  Item,
  ItemChanges,
  ItemClass,
  ItemListing,
  ItemPatch,
  ListOptions,
  MoveResult,
  PatchOptions,
  ReadOptions,
  ReadResult,
  WriteResult,
  WrittenItem,
} from '@oxtender/bundle-api';

/** The items of one class, as GroupwareSession has them for all classes. */
export interface ItemStore<C extends ItemClass> {
  list(folderId: string, options: ListOptions): Promise<ItemListing<C>>;
  changes(folderId: string, token: string, options: ListOptions): Promise<ItemChanges<C>>;
  read(folderId: string, ids: readonly string[], options: ReadOptions & Cancellable): Promise<ReadResult<C>[]>;
  create(folderId: string, item: Item<C>, options: CreateOptions): Promise<WrittenItem>;
  findCreated(folderId: string, key: string, options: Cancellable): Promise<WrittenItem | undefined>;
  patch(folderId: string, id: string, patch: ItemPatch<C>, options: PatchOptions): Promise<WrittenItem>;
  delete(folderId: string, ids: readonly string[], options: DeleteOptions): Promise<WriteResult[]>;
  move(folderId: string, ids: readonly string[], targetId: string, options: Cancellable): Promise<MoveResult[]>;
}
