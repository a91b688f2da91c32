import {
  type AttachmentInfo,
  type CreateOptions,
  GroupwareError,
  type Item,
  type ItemPatch,
  type PatchOptions,
  type WrittenItem,
} from '@oxtender/bundle-api';
import type { ItemFiles } from './item-files';
import type { ItemStore } from './item-store';

/** Classes whose items OX hangs files on, one by one, once the item is there. */
export type FiledClass = 'Calendar' | 'Tasks';

/** Writes items of one class with the files that hang on them. */
export class FileChanges<C extends FiledClass> {
  constructor(
    private readonly store: ItemStore<C>,
    private readonly files: ItemFiles,
  ) {}

  async create(folder: string, item: Item<C>, options: CreateOptions): Promise<WrittenItem> {
    const { attachments = [], ...plain } = item;
    const written = await this.store.create(folder, plain as Item<C>, options);
    if (attachments.length === 0) return written;
    for (const file of newOnes(attachments)) await this.files.add(folder, written.id, file, options);
    return this.#present(folder, written.id, options);
  }

  async patch(folder: string, id: string, patch: ItemPatch<C>, options: PatchOptions): Promise<WrittenItem> {
    const { attachments, ...fields } = patch as ItemPatch<FiledClass>;
    if (attachments === undefined) return this.store.patch(folder, id, patch, options);
    const { ifVersion } = options;
    const hasFields = Object.keys(fields).length > 0;
    if (hasFields) await this.store.patch(folder, id, fields as ItemPatch<C>, options);
    const before = await this.#present(folder, id, options);
    if (!hasFields && ifVersion !== undefined && before.version !== ifVersion)
      throw new GroupwareError('CONFLICT', 'the item has another version');
    await this.#bring(folder, before, attachments ?? [], options);
    return this.#present(folder, id, options);
  }

  /** Adds before it removes: what fails half-way has lost nothing. */
  async #bring(
    folder: string,
    { id, attachments: present }: PresentItem,
    wanted: readonly AttachmentInfo[],
    options: PatchOptions,
  ): Promise<void> {
    for (const file of newOnes(wanted)) {
      const isThere = present.some(({ fileName, size }) => fileName === file.fileName && size === file.size);
      // A repeat of a request that did not come to its end.
      if (!isThere) await this.files.add(folder, id, file, options);
    }
    const kept = new Set(wanted.filter(({ content }) => content === undefined).map((one) => one.id));
    const names = new Set(newOnes(wanted).map(({ fileName, size }) => `${fileName}/${size}`));
    for (const file of present) {
      if (!kept.has(file.id) && !names.has(`${file.fileName}/${file.size}`))
        await this.files.remove(folder, id, file.id, options);
    }
  }

  async #present(folder: string, id: string, { signal }: CreateOptions | PatchOptions): Promise<PresentItem> {
    const [found] = await this.store.read(folder, [id], { signal });
    if (!found || found.error) throw found?.error ?? new GroupwareError('NOT_FOUND', 'the item is gone');
    const { attachments = [] } = found.item;
    return { id, version: found.version, attachments };
  }
}

interface PresentItem extends WrittenItem {
  readonly attachments: readonly AttachmentInfo[];
}

function newOnes(
  attachments: readonly AttachmentInfo[],
): (AttachmentInfo & Required<Pick<AttachmentInfo, 'content'>>)[] {
  return attachments.flatMap((one) => (one.content === undefined ? [] : [{ ...one, content: one.content }]));
}
