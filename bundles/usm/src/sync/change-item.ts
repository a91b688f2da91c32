import { type ClientChange, isOxtenderError, type ItemPatch } from '@oxtender/bundle-api';
import { hashItem, unknownHash } from '../fields/field-hash';
import { fieldPosition } from '../fields/tracked-fields';
import { type Entry, Mark } from '../state/entry';
import { type ChangeContext, type CurrentItem, earlierOutcome, type Step, type StepResult } from './change-context';
import { keepBoth } from './keep-both';
import { readItems } from './item-reader';
import { evaluate, seriesPatch } from './occurrence';
import { type MergedPatch, mergePatch, overlay, patchHashes } from './three-way';
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

/** Hashes of the fields that a step is going to write, for the journal; undefined when that is not known yet. */
export function plannedFields(step: Step, context: ChangeContext): Plan['fields'] | undefined {
  if (step.change.kind === 'add') return patchHashes(context.folder.itemClass, step.change.item);
  const entry = step.itemId === undefined ? undefined : context.state.get(step.itemId);
  if (!isChange(step) || !entry?.hashes || step.current === 'gone') return undefined;
  if (!step.current && isEvaluated(step.change)) return undefined;
  return plan(step, entry, step.current, context).fields;
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
  } else if (earlier?.outcome) {
    remember(entry, context, { fields: earlier.fields ?? {} });
    step.result = earlier.outcome;
    return;
  } else {
    if (options.reread || (!step.current && isEvaluated(step.change))) await readCurrent(step, entry, context);
    step.result = await write(step, entry, context);
  }
  const { status, itemId } = step.result;
  const record = context.journal.get(step.id) ?? { content: step.content };
  context.journal.set(step.id, { ...record, outcome: { status, ...(itemId !== undefined && { itemId }) } });
}

async function write(step: ChangeStep, entry: Entry, context: ChangeContext): Promise<StepResult> {
  for (let attempt = 1; ; attempt++) {
    const { current } = step;
    if (current === 'gone') return gone(entry, context);
    const planned = plan(step, entry, current, context);
    try {
      if (planned.conflict && context.policy === 'keep-both' && current && context.folder.itemClass !== 'Email') {
        return await keepBoth(step, { wanted: planned.wanted, current }, context, () =>
          remember(entry, context, { fields: planned.fields }),
        );
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
      if (refused.status !== 'failed') remember(entry, context, { fields: planned.fields });
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
  remember(entry, context, { fields, version: written.version, exact: entry.mark === Mark.Known && !conflict });
  return { status, itemId: entry.id };
}

/**
 * Brings what the device has into the editor, to be compared with the groupware's item: unless it is a mail, whose flags
 * no groupware alters, and nobody else changed it.
 */
function remember(
  entry: Entry,
  { editor, folder }: ChangeContext,
  { fields, version, exact = false }: { fields: Plan['fields']; version?: string; exact?: boolean },
): void {
  const { hashes = new Uint32Array(), mark } = editor.get(entry.id) ?? entry;
  const isSettled = exact && folder.itemClass === 'Email';
  const stays = mark === Mark.SoftDelete || mark === Mark.Resend;
  const next = stays ? mark : isSettled ? Mark.Known : Mark.Change;
  editor.set({ ...entry, version: version ?? entry.version, mark: next, hashes: overlay(hashes, fields) });
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
  return {
    ...mergePatch(itemClass, wanted, { base, own, now, policy }),
    wanted,
    fields: patchHashes(itemClass, wanted),
  };
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
