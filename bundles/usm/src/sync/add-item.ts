import { type ClientChange, isOxtenderError, type ItemPatch, type WrittenItem } from '@oxtender/bundle-api';
import { hashItem } from '../fields/field-hash';
import { trackedFields } from '../fields/tracked-fields';
import { Mark } from '../state/entry';
import type { ChangeContext, Step } from './change-context';
import type { RecordedChange } from './client-change-journal';
import { stableUuid } from './content-hash';
import { readItems } from './item-reader';
import { mergePatch } from './three-way';
import { writeStatus } from './write-status';

type AddStep = Step<Extract<ClientChange, { kind: 'add' }>>;

/**
 * Creates an item that the device made. One that an earlier request with the same key made, with or without our knowing, is
 * found again; if the device edited it since, it is changed.
 *
 * @param prior - what the journal knew of this addition before
 */
export async function addItem(step: AddStep, prior: RecordedChange | undefined, context: ChangeContext): Promise<void> {
  const { journal } = context;
  if (prior?.outcome && prior.outcome.status !== 'done' && prior.content === step.content) {
    step.result = prior.outcome;
    return;
  }
  try {
    const made = await findOrCreate(step, prior, context);
    await remember(step, made, context, { isNew: prior === undefined });
    step.result = { status: 'done', itemId: made.id };
    const outcome = { status: 'done', itemId: made.id, version: made.version } as const;
    journal.set(step.id, { content: step.content, outcome });
  } catch (error) {
    step.result = writeStatus(error);
    journal.set(step.id, { content: step.content, outcome: { status: step.result.status } });
  }
}

async function findOrCreate(
  step: AddStep,
  prior: RecordedChange | undefined,
  context: ChangeContext,
): Promise<WrittenItem> {
  const { groupware, folder, notify, signal } = context;
  const outcome = prior?.outcome;
  if (outcome?.itemId !== undefined && outcome.version !== undefined) {
    const made = { id: outcome.itemId, version: outcome.version };
    return prior?.content === step.content ? made : update(step, made, context);
  }
  const key = creationKey(step, context);
  const found = prior && (await groupware.findCreated(folder, key, { signal }));
  if (found) return update(step, found, context);
  try {
    return await groupware.create(folder, step.change.item, { key, notify, signal });
  } catch (error) {
    const there = isOxtenderError(error, 'EXISTS', 'BROKEN_ANSWER')
      ? await groupware.findCreated(folder, key, { signal })
      : undefined;
    if (!there) throw error;
    return there;
  }
}

/** The device may have edited its new item before it learnt that it had arrived. */
async function update(step: AddStep, made: WrittenItem, context: ChangeContext): Promise<WrittenItem> {
  const { groupware, folder, journal, notify, policy, signal } = context;
  const { itemClass } = folder;
  const [current] = await readItems(groupware, folder, [made.id], { signal });
  if (!current || current.error || itemClass === 'Email') return made;
  const now = hashItem(itemClass, current.item);
  const base = new Uint32Array(now.length);
  const three = { base, own: journal.own(step.id), now, policy };
  const { patch } = mergePatch(itemClass, wholePatch(step, context), three);
  if (Object.keys(patch).length === 0) return { id: made.id, version: current.version };
  return groupware.patch(folder, made.id, patch, { notify, signal });
}

/** All that the device sends now; what it sent before and no longer does is cleared. */
function wholePatch({ change, id }: AddStep, { folder, journal }: ChangeContext): ItemPatch {
  const sent = Object.keys(journal.own(id)).map((position) => trackedFields[folder.itemClass][Number(position)] ?? '');
  return { ...Object.fromEntries(sent.map((field) => [field, null])), ...change.item };
}

/** Has the device know its item; the next look at it tells whether the groupware altered it. */
async function remember(
  step: AddStep,
  made: WrittenItem,
  context: ChangeContext,
  { isNew }: { isNew: boolean },
): Promise<void> {
  const { editor, folder, groupware, signal, state } = context;
  const listed = state.get(made.id);
  const hashes = hashItem(folder.itemClass, step.change.item);
  const entry = { id: made.id, version: listed?.version ?? made.version, day: listed?.day, hashes };
  const isSettled = isNew && folder.itemClass === 'Email';
  editor.set({ ...entry, mark: isSettled ? Mark.Known : Mark.Change });
  if (isNew || listed) return;
  // Made by an earlier request and not listed since: it may be gone again, which no listing will tell.
  const [current] = await readItems(groupware, folder, [made.id], { signal });
  if (current?.error?.code === 'NOT_FOUND') editor.set({ ...entry, mark: Mark.Delete });
}

function creationKey({ change, id }: AddStep, { address, key }: ChangeContext): string {
  const uid = (change.item as { uid?: string }).uid;
  return uid !== undefined && uid !== '' ? uid : stableUuid('add', address, key, id);
}
