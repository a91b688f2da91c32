import type { ClientChange } from '@oxtender/bundle-api';
import { Mark } from '../state/entry';
import { addItem } from './add-item';
import { type ChangeContext, begunRecord, earlierOutcome, type Step, type StepResult } from './change-context';
import { changeItem, intentionOf } from './change-item';
import type { ClientChangeJournal } from './client-change-journal';
import { contentHash } from './content-hash';
import { deleteItems } from './delete-items';
import { eachLimited } from './each-limited';
import { groupBy } from './group-by';
import { readItems } from './item-reader';

/** Writes at the groupware at a time, per request. */
const parallelWrites = 8;

/**
 * Applies what a device changed. Everything is journalled before the groupware hears of it; what the journal knows to be
 * done already is not done again. Results in order; the editor then has what the device knows.
 *
 * @param itemIdOf - the item behind a server id of this collection
 */
export async function applyClientChanges(
  changes: readonly ClientChange[],
  itemIdOf: (serverId: string) => Promise<string | undefined>,
  context: ChangeContext,
): Promise<StepResult[]> {
  const steps = await planSteps(changes, itemIdOf, context.journal);
  await readCurrentItems(steps, context);
  journalIntentions(steps, context);
  await context.journal.write();
  try {
    await runSteps(steps, context);
  } catch (error) {
    // A repeat must know of the part that went well.
    await context.journal.write();
    throw error;
  }
  return steps.map(({ result }) => result ?? { status: 'failed' });
}

/** Names each change for the journal, and finds what the journal knows of it. */
export async function planSteps(
  changes: readonly ClientChange[],
  itemIdOf: (serverId: string) => Promise<string | undefined>,
  journal: ClientChangeJournal,
): Promise<Step[]> {
  const used = new Map<string, number>();
  const steps: Step[] = [];
  for (const change of changes) {
    const itemId = change.kind === 'add' ? undefined : await itemIdOf(change.serverId);
    const about = change.kind === 'add' ? `add ${change.clientId}` : `${change.kind} ${change.serverId}`;
    const ordinal = used.get(about) ?? 0;
    used.set(about, ordinal + 1);
    const id = ordinal > 0 && change.kind !== 'add' ? `${about} ${ordinal}` : about;
    steps.push({ change, itemId, id, content: contentHash(change), prior: journal.get(id) });
  }
  return steps;
}

/** Reads, in one call, the items whose present state decides what a change means. */
async function readCurrentItems(steps: readonly Step[], context: ChangeContext): Promise<void> {
  const { groupware, folder, signal } = context;
  const needed = steps.filter((step) => needsCurrent(step, context));
  const ids = [...new Set(needed.map(({ itemId }) => itemId ?? ''))];
  const results = new Map((await readItems(groupware, folder, ids, { signal })).map((result) => [result.id, result]));
  for (const step of needed) {
    const result = results.get(step.itemId ?? '');
    if (result && !result.error) step.current = result;
    else if (result?.error.code === 'NOT_FOUND') step.current = 'gone';
  }
}

function needsCurrent(step: Step, { state, journal }: ChangeContext): boolean {
  const { change, itemId } = step;
  if (change.kind === 'add' || itemId === undefined || earlierOutcome(step)) return false;
  const entry = state.get(itemId);
  if (!entry?.hashes || entry.mark === Mark.Delete) return false;
  if ((entry.mark !== Mark.Known && entry.mark !== Mark.Own) || change.occurrence !== undefined) return true;
  return (
    change.kind === 'change' && (typeof change.patch === 'function' || Object.keys(journal.own(itemId)).length > 0)
  );
}

function journalIntentions(steps: readonly Step[], context: ChangeContext): void {
  for (const step of steps) {
    if (earlierOutcome(step)) continue;
    const intended = intentionOf(step, context);
    if (intended) context.journal.addSent(step.itemId ?? step.id, intended.written);
    context.journal.set(step.id, { ...begunRecord(step), ...(intended && { fields: intended.fields }) });
  }
}

/** Changes before deletions before additions; changes of one item in their order. */
async function runSteps(steps: readonly Step[], context: ChangeContext): Promise<void> {
  const changes = steps.filter(({ change }) => change.kind === 'change' || isOccurrenceDelete(change));
  const byItem = groupBy(changes, ({ itemId }) => itemId);
  await eachLimited(byItem.values(), parallelWrites, async (sequence) => {
    for (const [ordinal, step] of sequence.entries()) await changeItem(step, context, { reread: ordinal > 0 });
  });
  const deletions = steps.filter(({ change }) => change.kind === 'delete' && !isOccurrenceDelete(change));
  await deleteItems(deletions as Step<Extract<ClientChange, { kind: 'delete' }>>[], context);
  const additions = steps.filter(({ change }) => change.kind === 'add') as Step<
    Extract<ClientChange, { kind: 'add' }>
  >[];
  const byClientId = groupBy(additions, ({ change }) => change.clientId);
  await eachLimited(byClientId.values(), parallelWrites, async (sequence) => {
    for (const [ordinal, step] of sequence.entries()) {
      await addItem(step, ordinal === 0 ? step.prior : context.journal.get(step.id), context);
    }
  });
}

function isOccurrenceDelete(change: ClientChange): boolean {
  return change.kind === 'delete' && change.occurrence !== undefined;
}
