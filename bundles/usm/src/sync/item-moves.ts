import {
  type Cancellable,
  type CollectionId,
  type GroupwareError,
  isOxtenderError,
  type ItemMoveResult,
  type Message,
  type MoveResult,
  type ServerId,
  type WrittenItem,
} from '@oxtender/bundle-api';
import { sameHashes } from '../fields/field-hash';
import type { StateEditor } from '../state/collection-state';
import { type Entry, Mark } from '../state/entry';
import { encodeState } from '../state/state-codec';
import type { ItemMoveStore } from '../tables/item-move-store';
import { collectionPart, type ServerIds } from '../tables/server-ids';
import type { StateRow } from '../tables/state-store';
import type { Collection } from './collection';
import type { CollectionStates } from './collection-states';
import { hashOf } from './content-hash';
import { groupBy } from './group-by';
import type { MoveIntent, MoveIntents } from './move-intents';

export interface ItemMove {
  readonly serverId: ServerId;
  /** Where the device has it. */
  readonly source?: CollectionId;
  readonly target: CollectionId;
}

export interface MoveServices {
  readonly states: CollectionStates;
  readonly serverIds: ServerIds;
  readonly moves: ItemMoveStore;
  readonly intents: MoveIntents;
  /** Undefined for an id that the device was never told. */
  collection(collectionId: CollectionId): Promise<Collection | undefined>;
  exclusively<T>(collections: readonly Collection[], work: () => Promise<T>): Promise<T>;
}

/** One move, with the ids resolved. */
interface Step {
  readonly move: ItemMove;
  readonly source: Collection;
  readonly target: Collection;
  readonly itemId: string;
}

/**
 * Moves items from folder to folder. The device knows them under their new ids, so they leave the states of the one
 * collection and enter those of the other. A device that did not get the answer asks again and gets the same.
 */
export class ItemMoves {
  constructor(private readonly services: MoveServices) {}

  /** Results in order. */
  async run(moves: readonly ItemMove[], options: Cancellable): Promise<ItemMoveResult[]> {
    const results = new Map<ItemMove, ItemMoveResult>();
    const steps: Step[] = [];
    for (const move of moves) {
      const step = await this.#resolve(move, move.serverId);
      if ('status' in step) results.set(move, step);
      else steps.push(step);
    }
    const groups = groupBy(steps, ({ source, target }) => `${source.id} ${target.id}`);
    for (const group of groups.values()) await this.#moveGroup(group, results, options);
    return moves.map((move) => results.get(move) ?? { status: 'failed' });
  }

  /** @param serverId - where the item is now: not where the device thinks when an answer was lost */
  async #resolve(move: ItemMove, serverId: ServerId): Promise<Step | ItemMoveResult> {
    const { serverIds, moves } = this.services;
    if ((move.source ?? collectionPart(move.serverId)) !== collectionPart(move.serverId))
      return { status: 'not-found' };
    const source = await this.services.collection(collectionPart(serverId));
    const itemId = source && (await serverIds.itemId(source.address, serverId));
    if (!source || itemId === undefined) return { status: 'not-found' };
    const target = await this.services.collection(move.target);
    if (target?.folder.itemClass !== source.folder.itemClass) return { status: 'bad-target' };
    const { states } = this.services;
    const known = await states.knownItems(source.address, await states.rows(source.address), itemId);
    if (known.length === 0) {
      const movedTo = await moves.find(source.address, serverId);
      if (movedTo !== undefined && collectionPart(movedTo) === target.id) return { status: 'done', serverId: movedTo };
      if (movedTo !== undefined && movedTo !== move.serverId) return this.#resolve(move, movedTo);
    }
    return target.id === source.id ? { status: 'same-folder' } : { move, source, target, itemId };
  }

  /** Moves of one source and one target. */
  #moveGroup(group: readonly Step[], results: Map<ItemMove, ItemMoveResult>, options: Cancellable): Promise<void> {
    const { source, target } = group[0] as Step;
    return this.services.exclusively([source, target], async () => {
      const moved = await this.#move(group, options);
      await this.#remember(group, moved, options);
      for (const [at, { move }] of group.entries()) results.set(move, await this.#result(target, moved[at]));
    });
  }

  /** Has the groupware move the items. What an earlier request moved, whose end nobody saw, counts as moved now. */
  async #move(group: readonly Step[], options: Cancellable): Promise<MoveResult[]> {
    const { source, target } = group[0] as Step;
    const { intents } = this.services;
    const earlier = group.map(({ move }) => intents.find(move.serverId, target.id));
    const [noted] = await Promise.all([this.#intents(group, options), this.#refresh(group, options)]);
    await intents.note(noted);
    const ids = group.map(({ itemId }) => itemId);
    const results = await source.groupware.move(source.folder, ids, target.folder, options);
    const settled: MoveResult[] = [];
    for (const [at, result] of results.entries()) {
      const [step, intent] = [group[at], earlier[at]];
      const there = result.error && step && intent ? await movedBefore(step, intent, options) : undefined;
      settled.push(there ? { id: result.id, moved: there } : result);
    }
    return settled;
  }

  /** What is to be noted before the items go; an item that is gone keeps what was noted when it was there. */
  async #intents(group: readonly Step[], options: Cancellable): Promise<MoveIntent[]> {
    const { source, target } = group[0] as Step;
    const { itemClass } = source.folder;
    if (itemClass !== 'Email') return group.map(({ move }) => ({ source: move.serverId, target: target.id }));
    const ids = group.map(({ itemId }) => itemId);
    const mails = await source.groupware.read({ ...source.folder, itemClass }, ids, options);
    return mails.flatMap((mail, at) => {
      const serverId = group[at]?.move.serverId;
      if (mail.error || serverId === undefined) return [];
      const { messageId } = mail.item;
      const known = messageId === undefined ? { likeness: likenessOf(mail.item) } : { messageId };
      return [{ source: serverId, target: target.id, ...known }];
    });
  }

  /** Has the states tell whether the groupware changed the items since the device was told. */
  async #refresh(group: readonly Step[], options: Cancellable): Promise<void> {
    const { states } = this.services;
    const { source } = group[0] as Step;
    const rows = await states.rows(source.address);
    const needed = new Set<StateRow>();
    for (const { itemId } of group) {
      const [newest] = await states.knownItems(source.address, rows, itemId);
      if (newest) needed.add(newest.row);
    }
    for (const row of needed) await states.refreshAsSynced(source, row, options);
  }

  async #result(target: Collection, result: MoveResult | undefined): Promise<ItemMoveResult> {
    if (!result) return { status: 'failed' };
    if (result.error) return refused(result.error);
    return { status: 'done', serverId: await this.services.serverIds.serverId(target.address, result.moved.id) };
  }

  /** In one transaction: the moves, and what the device knows of both folders under each of its keys. */
  async #remember(steps: readonly Step[], results: readonly MoveResult[], options: Cancellable): Promise<void> {
    const done = steps.flatMap((step, at) => {
      const result = results[at];
      return result && !result.error ? [{ step, moved: result.moved }] : [];
    });
    const { source, target } = steps[0] ?? {};
    if (done.length === 0 || !source || !target) return;
    const { states, moves, serverIds } = this.services;
    const targetIds = await serverIds.serverIds(
      target.address,
      done.map(({ moved }) => moved.id),
    );
    const sourceRows = await states.rows(source.address);
    const targetRows = await states.rows(target.address);
    const left = await this.#edited(source, sourceRows, (editor) => {
      for (const { step } of done) editor.remove(step.itemId);
    });
    const entries: Entry[] = [];
    for (const { step, moved } of done) {
      const known = await states.knownItems(source.address, sourceRows, step.itemId);
      const entry = movedEntry(
        known.map((one) => one.entry),
        moved,
      );
      if (entry) entries.push(entry);
    }
    const entered = await this.#edited(target, targetRows, (editor) => entries.forEach((entry) => editor.set(entry)));
    await states.store.transaction(async (manager) => {
      await states.store.revise(manager, source.address, left);
      await states.store.revise(manager, target.address, entered);
      await moves.add(
        manager,
        source.address,
        done.map(({ step }, at) => ({ source: step.move.serverId, target: targetIds[at] ?? '' })),
      );
    }, options);
  }

  async #edited(
    { address }: Collection,
    rows: readonly StateRow[],
    edit: (editor: StateEditor) => void,
  ): Promise<{ row: StateRow; element: Buffer }[]> {
    const edited: { row: StateRow; element: Buffer }[] = [];
    for (const row of rows) {
      const editor = (await this.services.states.load(address, row)).state.edit();
      edit(editor);
      if (!editor.isEmpty) edited.push({ row, element: encodeState(editor.finish()) });
    }
    return edited;
  }
}

/** The item where an earlier request, whose end nobody saw, has put it. Mails get another id there. */
async function movedBefore(
  { source, target, itemId }: Step,
  { messageId, likeness }: MoveIntent,
  options: Cancellable,
): Promise<WrittenItem | undefined> {
  const { groupware, folder } = target;
  if (source.folder.itemClass === 'Email') {
    if (messageId !== undefined) return groupware.findCreated(folder, messageId, options);
    return likeness === undefined ? undefined : alikeIn(target, likeness, options);
  }
  const [found] = await groupware.read(folder, [itemId], options);
  return found && !found.error ? { id: found.id, version: found.version } : undefined;
}

/** Mails that are looked at for one that is alike. */
const mostAlike = 100;

/** Among the mails that were received at the same moment; the one that came to the folder last, where there are several. */
async function alikeIn(
  { groupware, folder }: Collection,
  likeness: string,
  options: Cancellable,
): Promise<WrittenItem | undefined> {
  const mails = { ...folder, itemClass: 'Email' } as const;
  const received = receivedAtIn(likeness);
  const { items } = await groupware.list(mails, { ...options, ...(received !== undefined && { since: received }) });
  const ids = items.filter(({ date }) => date === received).map(({ id }) => id);
  const read = await groupware.read(mails, ids.slice(-mostAlike), options);
  const found = read.findLast((mail) => !mail.error && likenessOf(mail.item) === likeness);
  return found && !found.error ? { id: found.id, version: found.version } : undefined;
}

/** What stays of a mail wherever it is, begun by the moment when it was received. */
function likenessOf({ receivedAt, subject, from, sentAt, size }: Message): string {
  return `${receivedAt ?? ''}/${hashOf([subject, from, sentAt, size])}`;
}

function receivedAtIn(likeness: string): number | undefined {
  const text = likeness.split('/', 1)[0] ?? '';
  return text === '' ? undefined : Number(text);
}

/**
 * What the device knows of an item goes with it. Where that depends on which answer it received, it gets the item again.
 *
 * @param known - under each key, the newest first
 */
function movedEntry([entry, ...others]: readonly Entry[], { id, version }: WrittenItem): Entry | undefined {
  const { hashes } = entry ?? {};
  if (!entry || !hashes) return undefined;
  if (others.some((other) => !other.hashes || !sameHashes(other.hashes, hashes)))
    return { ...entry, id, version, mark: Mark.Resend };
  const isCurrent = entry.mark === Mark.Known || entry.mark === Mark.Own;
  return { ...entry, id, version, mark: isCurrent ? Mark.Own : Mark.Change };
}

function refused(error: GroupwareError): ItemMoveResult {
  if (isOxtenderError(error, 'NOT_FOUND')) return { status: 'not-found', error };
  if (isOxtenderError(error, 'PERMISSION')) return { status: 'forbidden', error };
  return { status: 'failed', error };
}
