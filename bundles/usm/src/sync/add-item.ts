import { type ClientChange, isOxtenderError, type ItemPatch, type WrittenItem } from '@oxtender/bundle-api';
import { hashItem, unknownHash } from '../fields/field-hash';
import { fieldPosition, trackedFields } from '../fields/tracked-fields';
import { Mark } from '../state/entry';
import { type ChangeContext, earlierOutcome, type Step } from './change-context';
import type { RecordedChange } from './client-change-journal';
import { stableUuid } from './content-hash';
import { readItems } from './item-reader';
import { keepCopy } from './keep-copy';
import { hasServerChange, mergePatch, patchHashes } from './three-way';
import { writeStatus } from './write-status';

/** The item that stands for an addition; `isOwn`: nobody else has changed it. */
interface MadeItem extends WrittenItem {
  readonly isOwn: boolean;
}

type AddStep = Step<Extract<ClientChange, { kind: 'add' }>>;

/**
 * Creates an item that the device made. One that an earlier request with the same key made, with or without our knowing, is
 * found again; if the device edited it since, it is changed.
 *
 * @param prior - what the journal knew of this addition before
 */
export async function addItem(step: AddStep, prior: RecordedChange | undefined, context: ChangeContext): Promise<void> {
  const { journal } = context;
  const earlier = earlierOutcome({ ...step, prior });
  if (earlier && earlier.outcome.status !== 'done') {
    step.result = earlier.outcome;
    return;
  }
  try {
    const made = await findOrCreate(step, prior, context);
    remember(step, made, context);
    if (prior) await lookForIt(made, context);
    step.result = { status: 'done', itemId: made.id };
    journal.addWritten(step.id, patchHashes(context.folder.itemClass, step.change.item));
    journal.conclude(step.id, { status: 'done', itemId: made.id, version: made.version });
  } catch (error) {
    step.result = writeStatus(error);
    journal.conclude(step.id, { status: step.result.status });
  }
}

async function findOrCreate(
  step: AddStep,
  prior: RecordedChange | undefined,
  context: ChangeContext,
): Promise<MadeItem> {
  const { groupware, folder, notify, signal } = context;
  const outcome = prior?.outcome;
  if (outcome?.itemId !== undefined && outcome.version !== undefined) {
    const { itemId: id, version } = outcome;
    const listed = context.state.get(id);
    const made = { id, version: listed?.version ?? version, isOwn: !listed || listed.version === version };
    return earlierOutcome({ ...step, prior }) ? made : update(step, made, context);
  }
  const key = creationKey(step, context);
  const found = prior && (await groupware.findCreated(folder, key, { signal }));
  if (found) return update(step, found, context);
  try {
    return { ...(await groupware.create(folder, step.change.item, { key, notify, signal })), isOwn: true };
  } catch (error) {
    const there = isOxtenderError(error, 'EXISTS', 'BROKEN_ANSWER')
      ? await groupware.findCreated(folder, key, { signal })
      : undefined;
    if (!there) throw error;
    return { ...there, isOwn: false };
  }
}

/** The device may have edited its new item before it learnt that it had arrived. */
async function update(step: AddStep, made: WrittenItem, context: ChangeContext): Promise<MadeItem> {
  const { groupware, folder, journal, notify, policy, signal } = context;
  const { itemClass } = folder;
  const [current] = await readItems(groupware, folder, [made.id], { signal });
  if (!current || current.error || itemClass === 'Email') return { ...made, isOwn: false };
  const now = hashItem(itemClass, current.item);
  const base = new Uint32Array(now.length);
  const own = journal.own(step.id);
  const three = { base, own, now, policy };
  const wanted = wholePatch(step, context);
  const { patch, conflict } = mergePatch(itemClass, wanted, three);
  if (conflict && policy === 'keep-both') await keepCopy(step, { wanted, current }, context);
  // A field of which the device knows nothing may be somebody's edit: the item is told, and not written over unread.
  const isOwn = !conflict && !hasServerChange(now, base, own);
  if (Object.keys(patch).length === 0) return { id: made.id, version: current.version, isOwn };
  try {
    const options = { ifVersion: current.version, notify, signal };
    return { ...(await groupware.patch(folder, made.id, patch, options)), isOwn };
  } catch (error) {
    // Somebody else writes at the same time.
    if (!isOxtenderError(error, 'CONFLICT')) throw error;
    return update(step, made, context);
  }
}

/** All that the device sends now; what it sent before and no longer does is cleared. */
function wholePatch({ change, id }: AddStep, { folder, journal }: ChangeContext): ItemPatch {
  const sent = Object.keys(journal.own(id)).map((position) => trackedFields[folder.itemClass][Number(position)] ?? '');
  return { ...Object.fromEntries(sent.map((field) => [field, null])), ...change.item };
}

/** Has the device know its item; the next look at it tells whether the groupware altered it. */
function remember({ change }: AddStep, { id, version, isOwn }: MadeItem, context: ChangeContext): void {
  const { editor, folder, state } = context;
  const settled = folder.itemClass === 'Email' ? Mark.Known : Mark.Own;
  const hashes = hashItem(folder.itemClass, change.item);
  for (const field of change.awaited ?? []) {
    const position = fieldPosition(folder.itemClass, field);
    if (position !== undefined && hashes[position] === 0) hashes[position] = unknownHash;
  }
  editor.set({ id, version, mark: isOwn ? settled : Mark.Change, day: state.get(id)?.day, hashes });
}

/** What an earlier request made and no listing has told since may be gone again, which no listing will tell. */
async function lookForIt({ id }: MadeItem, { editor, folder, groupware, signal, state }: ChangeContext): Promise<void> {
  if (state.get(id)) return;
  const [current] = await readItems(groupware, folder, [id], { signal });
  const entry = editor.get(id);
  if (entry && current?.error?.code === 'NOT_FOUND') editor.set({ ...entry, mark: Mark.Delete });
}

function creationKey({ change, id }: AddStep, { address, key }: ChangeContext): string {
  const uid = (change.item as { uid?: string }).uid;
  return uid !== undefined && uid !== '' ? uid : stableUuid('add', address, key, id);
}
