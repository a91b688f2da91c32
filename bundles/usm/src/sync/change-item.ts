import { type ClientChange, isOxtenderError, type ItemPatch } from '@oxtender/bundle-api';
import { type FieldHashes, hashItem, unknownHash } from '../fields/field-hash';
import { fieldPosition } from '../fields/tracked-fields';
import { type Entry, Mark } from '../state/entry';
import { type ChangeContext, type CurrentItem, earlierOutcome, type Step, type StepResult } from './change-context';
import { readItems } from './item-reader';
import { keepCopy } from './keep-copy';
import { evaluate, seriesPatch } from './occurrence';
import { type MergedPatch, mergePatch, overlay, type OwnFields, patchHashes } from './three-way';
import { writeStatus } from './write-status';

/** How often a change is tried anew when somebody else changes the item at the same time. */
const attempts = 4;

type ChangeStep = Step<Exclude<ClientChange, { kind: 'add' }>>;

/** What a device wants of an item, compared with what is there. */
interface Plan extends MergedPatch {
  /** Everything that the device sent. */
  readonly wanted: ItemPatch;
  /** Hashes of it, by position: what the device has from now on. */
  readonly fields: Readonly<Record<number, number>>;
}

/** Hashes of the fields of a step, for the journal: all that the device sent, and those of them that will be written. */
export interface Intention {
  readonly fields: Plan['fields'];
  readonly written: Plan['fields'];
}

/** Undefined when it is not known yet. */
export function intentionOf(step: Step, context: ChangeContext): Intention | undefined {
  const { itemClass } = context.folder;
  if (step.change.kind === 'add') {
    const fields = patchHashes(itemClass, step.change.item);
    return { fields, written: fields };
  }
  const entry = step.itemId === undefined ? undefined : context.state.get(step.itemId);
  if (!isChange(step) || !entry?.hashes || step.current === 'gone') return undefined;
  if (!step.current && isEvaluated(step.change)) return undefined;
  try {
    const { fields, patch } = plan(step, entry, step.current, context);
    return { fields, written: patchHashes(itemClass, patch) };
  } catch (error) {
    // It does not fit the item: nothing will be written.
    if (isOxtenderError(error, 'INVALID')) return undefined;
    throw error;
  }
}

/**
 * Writes one change of an item, and brings what the device has now into the editor.
 *
 * @param options - `reread`: an earlier change of the same request has written the item
 */
export async function changeItem(step: Step, context: ChangeContext, options: { reread: boolean }): Promise<void> {
  if (!isChange(step)) return;
  const entry = step.itemId === undefined ? undefined : context.state.get(step.itemId);
  const earlier = earlierOutcome(step);
  if (!entry?.hashes || entry.mark === Mark.Delete) {
    step.result = { status: 'not-found' };
  } else if (earlier) {
    remember(entry, context, { fields: earlier.fields ?? {} });
    step.result = earlier.outcome;
    return;
  } else {
    if (options.reread || (!step.current && isEvaluated(step.change))) await readCurrent(step, entry, context);
    step.result = await write(step, entry, context);
  }
  const { status, itemId } = step.result;
  context.journal.conclude(step.id, { status, ...(itemId !== undefined && { itemId }) });
}

async function write(step: ChangeStep, entry: Entry, context: ChangeContext): Promise<StepResult> {
  for (let attempt = 1; ; attempt++) {
    const { current } = step;
    if (current === 'gone') return gone(entry, context);
    let planned: Plan | undefined;
    try {
      planned = plan(step, entry, current, context);
      if (planned.conflict && context.policy === 'keep-both' && current && context.folder.itemClass !== 'Email') {
        await keepCopy(step, { wanted: planned.wanted, current }, context);
        remember(entry, context, { fields: planned.fields });
        return { status: 'conflict', itemId: entry.id };
      }
      return await writePatch(planned, entry, current, context);
    } catch (error) {
      if (isOxtenderError(error, 'CONFLICT') && attempt < attempts) {
        await readCurrent(step, entry, context);
        continue;
      }
      const refused = writeStatus(error);
      if (refused.status === 'not-found') return gone(entry, context);
      // What the device has is not what it keeps: it gets the groupware's version back.
      if (planned && refused.status !== 'failed') remember(entry, context, { fields: planned.fields });
      return { ...refused, itemId: entry.id };
    }
  }
}

async function writePatch(
  { patch, conflict, fields }: Plan,
  entry: Entry,
  current: CurrentItem | undefined,
  context: ChangeContext,
): Promise<StepResult> {
  const { groupware, folder, notify, signal, policy } = context;
  const status = conflict && policy !== 'client-wins' ? 'conflict' : 'done';
  if (Object.keys(patch).length === 0) {
    remember(entry, context, { fields });
    return { status, itemId: entry.id };
  }
  const ifVersion = current?.version ?? entry.version;
  const written = await groupware.patch(folder, entry.id, patch, { ifVersion, notify, signal });
  if (written.id !== entry.id) {
    context.editor.set({ ...entry, mark: Mark.Delete });
    context.editor.set({ id: written.id, version: written.version, mark: Mark.Add, day: entry.day, hashes: undefined });
    return { status, itemId: entry.id };
  }
  context.journal.addWritten(entry.id, patchHashes(folder.itemClass, patch));
  remember(entry, context, { fields, version: written.version, isOwn: isOwnVersion(entry, current) && !conflict });
  return { status, itemId: entry.id };
}

/**
 * Brings what the device has into the editor, to be compared with the groupware's item.
 *
 * @param written - `isOwn`: nobody else changed the item. Then a mail is settled, since no groupware alters flags
 */
function remember(
  entry: Entry,
  { editor, folder }: ChangeContext,
  written: { fields: Plan['fields']; version?: string; isOwn?: boolean },
): void {
  const { hashes = new Uint32Array(), mark } = editor.get(entry.id) ?? entry;
  const { fields, version = entry.version, isOwn = false } = written;
  const stays = mark === Mark.SoftDelete || mark === Mark.Resend;
  const settled = folder.itemClass === 'Email' ? Mark.Known : Mark.Own;
  const next = stays ? mark : isOwn ? settled : Mark.Change;
  editor.set({ ...entry, version, mark: next, hashes: overlay(hashes, fields) });
}

/** True when the groupware's version is the one that the device was told, or wrote itself. */
function isOwnVersion({ mark, version }: Entry, current: CurrentItem | undefined): boolean {
  return (mark === Mark.Known || mark === Mark.Own) && (!current || current.version === version);
}

function gone(entry: Entry, { editor }: ChangeContext): StepResult {
  editor.set({ ...entry, mark: Mark.Delete });
  return { status: 'not-found', itemId: entry.id };
}

/** Without the current item the groupware is taken to have what the device has; it refuses the patch if that is wrong. */
function plan(step: ChangeStep, entry: Entry, current: CurrentItem | undefined, context: ChangeContext): Plan {
  const { folder, journal, policy } = context;
  const { itemClass } = folder;
  const base = entry.hashes ?? new Uint32Array();
  const now = current ? hashItem(itemClass, current.item) : base;
  const own = journal.own(entry.id);
  const { change } = step;
  if (change.occurrence !== undefined && current) {
    const wanted = seriesPatch(change, change.occurrence)(current.item);
    // Merged into the list that is there now: of its other entries the device may not know.
    const position = fieldPosition(itemClass, 'exceptions') ?? 0;
    const isSame = now[position] === base[position];
    const fields = isSame ? patchHashes(itemClass, wanted) : { [position]: unknownHash };
    return { ...mergePatch(itemClass, wanted, { base: now, own: {}, now, policy }), wanted, fields };
  }
  const wanted = change.kind === 'change' ? evaluate(change.patch, current?.item) : {};
  const sides = { base, own, now, isOwnVersion: isOwnVersion(entry, current), policy };
  const fields = { ...ownValues(now, own), ...patchHashes(itemClass, wanted) };
  return { ...mergePatch(itemClass, wanted, sides), wanted, fields };
}

/** What an earlier request of the device wrote and is still there: a patch made from the item leaves it out. */
function ownValues(now: FieldHashes, own: OwnFields): Record<number, number> {
  const entries = Object.entries(own).map(([position, { sent }]) => ({ position: Number(position), sent }));
  const there = entries.filter(({ position, sent }) => sent.includes(now[position] ?? 0));
  return Object.fromEntries(there.map(({ position }) => [position, now[position] ?? 0]));
}

async function readCurrent(step: ChangeStep, entry: Entry, context: ChangeContext): Promise<void> {
  const { groupware, folder, signal } = context;
  const [result] = await readItems(groupware, folder, [entry.id], { signal });
  step.current = result && !result.error ? result : 'gone';
}

/** True when the patch is made from the item as it is. */
function isEvaluated(change: ChangeStep['change']): boolean {
  return change.occurrence !== undefined || (change.kind === 'change' && typeof change.patch === 'function');
}

function isChange(step: Step): step is ChangeStep {
  return step.change.kind !== 'add';
}
