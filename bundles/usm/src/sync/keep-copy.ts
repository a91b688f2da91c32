import type { ItemPatch, WrittenItem } from '@oxtender/bundle-api';
import { hashItem } from '../fields/field-hash';
import { Mark } from '../state/entry';
import type { ChangeContext, CurrentItem, Step } from './change-context';
import { stableUuid } from './content-hash';
import { readItems } from './item-reader';
import { mergePatch, patchedItem } from './three-way';

/**
 * Ends a conflict by keeping both versions: the groupware's stays as it is, and the device's becomes a second item, of which
 * the device is then told. There is one second item per item and key, however often the device repeats itself.
 */
export async function keepCopy(
  step: Step,
  { wanted, current }: { wanted: ItemPatch; current: CurrentItem },
  context: ChangeContext,
): Promise<void> {
  const { groupware, folder, address, key: syncKey, editor, signal } = context;
  const key = stableUuid('copy', address, syncKey, step.id);
  const earlier = step.prior && (await groupware.findCreated(folder, key, { signal }));
  const { id, version } = earlier
    ? await update(earlier, wanted, context)
    : await groupware.create(folder, patchedItem(current.item, { ...wanted, uid: null }), { key, signal });
  const entry = editor.get(id);
  if (entry?.version !== version) editor.set({ id, version, mark: Mark.Add, day: entry?.day, hashes: undefined });
}

/** Brings the second item, made by an earlier request, to what the device has now. */
async function update(made: WrittenItem, wanted: ItemPatch, context: ChangeContext): Promise<WrittenItem> {
  const { groupware, folder, notify, signal } = context;
  const [current] = await readItems(groupware, folder, [made.id], { signal });
  if (!current || current.error) return made;
  const now = hashItem(folder.itemClass, current.item);
  const { patch } = mergePatch(folder.itemClass, wanted, { base: now, own: {}, now, policy: 'client-wins' });
  return Object.keys(patch).length === 0 ? made : groupware.patch(folder, made.id, patch, { notify, signal });
}
