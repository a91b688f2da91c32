import type { ClientChange } from '@oxtender/bundle-api';
import { hashItem } from '../fields/field-hash';
import { type Entry, Mark } from '../state/entry';
import { type ChangeContext, earlierOutcome, type Step, type StepResult } from './change-context';
import { groupBy } from './group-by';
import { hasServerChange } from './three-way';
import { writeStatus } from './write-status';

type DeleteStep = Step<Extract<ClientChange, { kind: 'delete' }>>;

/**
 * Deletes what the device deleted, all of one mode in one call. What the groupware changed meanwhile goes by the policy:
 * only where the client wins it is deleted; else the device gets it back.
 */
export async function deleteItems(steps: readonly DeleteStep[], context: ChangeContext): Promise<void> {
  const ready: DeleteStep[] = [];
  for (const step of steps) {
    const settled = settle(step, context);
    if (settled) record(step, settled, context);
    else ready.push(step);
  }
  for (const [mode, group] of groupBy(ready, ({ change }) => change.mode)) {
    const { groupware, folder, notify, signal } = context;
    const ids = group.map(({ itemId }) => itemId ?? '');
    const results = await groupware.delete(folder, ids, { mode, notify, signal });
    for (const [at, step] of group.entries()) record(step, outcome(step, results[at]?.error), context);
  }
}

/** What needs no call. */
function settle(step: DeleteStep, context: ChangeContext): StepResult | undefined {
  const entry = step.itemId === undefined ? undefined : context.state.get(step.itemId);
  if (!entry?.hashes) return { status: 'not-found' };
  const earlier = earlierOutcome(step);
  if (earlier) return earlier.outcome;
  if (entry.mark === Mark.Delete || step.current === 'gone') return { status: 'done', itemId: entry.id };
  return changedMeanwhile(step, entry, context) ? { status: 'conflict', itemId: entry.id } : undefined;
}

function changedMeanwhile({ current }: DeleteStep, entry: Entry, { folder, journal, policy }: ChangeContext): boolean {
  if (policy === 'client-wins' || !current || current === 'gone') return false;
  const base = entry.hashes ?? new Uint32Array();
  return hasServerChange(hashItem(folder.itemClass, current.item), base, journal.own(entry.id));
}

function outcome({ itemId = '' }: DeleteStep, error: unknown): StepResult {
  if (error === undefined) return { status: 'done', itemId };
  const refused = writeStatus(error);
  return refused.status === 'not-found' ? { status: 'done', itemId } : { ...refused, itemId };
}

function record(step: DeleteStep, result: StepResult, { editor, journal, state }: ChangeContext): void {
  step.result = result;
  const { status, itemId } = result;
  journal.conclude(step.id, { status, ...(itemId !== undefined && { itemId }) });
  const entry = step.itemId === undefined ? undefined : state.get(step.itemId);
  if (!entry?.hashes) return;
  // The device no longer has it. What is still there, or there again, it gets again.
  const isThereAgain = earlierOutcome(step) !== undefined && entry.mark === Mark.Change;
  const isGone = (status === 'done' && !isThereAgain) || entry.mark === Mark.Delete || entry.mark === Mark.SoftDelete;
  if (isGone) editor.remove(entry.id);
  else editor.set({ ...entry, mark: Mark.Add, hashes: undefined });
}
