import type { ItemPatch } from '@oxtender/bundle-api';
import { Mark } from '../state/entry';
import type { ChangeContext, CurrentItem, Step, StepResult } from './change-context';
import { stableUuid } from './content-hash';
import { patchedItem } from './three-way';

/**
 * Ends a conflict by keeping both versions: the groupware's stays, and the device's becomes a second item. The device is
 * told of both.
 *
 * @param settle - called when the second item is there
 */
export async function keepBoth(
  step: Step,
  { wanted, current }: { wanted: ItemPatch; current: CurrentItem },
  context: ChangeContext,
  settle: () => void,
): Promise<StepResult> {
  const { groupware, folder, address, key: syncKey, editor, signal } = context;
  const key = stableUuid('copy', address, syncKey, step.id, step.content);
  const copy = patchedItem(current.item, { ...wanted, uid: null });
  const made =
    (step.prior && (await groupware.findCreated(folder, key, { signal }))) ??
    (await groupware.create(folder, copy, { key, signal }));
  if (!editor.get(made.id)) {
    editor.set({ id: made.id, version: made.version, mark: Mark.Add, day: undefined, hashes: undefined });
  }
  settle();
  return { status: 'conflict', itemId: step.itemId ?? '' };
}
