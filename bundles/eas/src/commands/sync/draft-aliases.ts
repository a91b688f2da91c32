import type { CollectionSync, ServerId, SyncKey, SyncSession } from '@oxtender/bundle-api';
import type { PlannedChange } from './client-changes';

const remembered = 50;

const field = 'eas.draftAliases';

/** A draft that was changed, and so became another mail in the groupware. */
interface Alias {
  readonly from: ServerId;
  readonly to: ServerId;
  /** Key of the request that changed it: a repeat of that request means the draft as it was. */
  readonly key: SyncKey;
}

/**
 * What became of drafts that the device changed: a mail cannot change, so that the groupware writes another. The device is
 * told of the new one; a sheet that is open on it goes on with the id that it began with.
 */
export class DraftAliases {
  constructor(private readonly session: Pick<SyncSession, 'fields'>) {}

  /** The changes, about the drafts as they are called now. */
  apply(planned: readonly PlannedChange[], key: SyncKey): PlannedChange[] {
    const aliases = new Map(this.#all().flatMap((one) => (one.key === key ? [] : [[one.from, one.to] as const])));
    return planned.map((one) => {
      if (one.change === undefined || one.change.kind === 'add') return one;
      let { serverId } = one.change;
      for (let next = aliases.get(serverId); next !== undefined; next = aliases.get(serverId)) serverId = next;
      return { ...one, change: { ...one.change, serverId } };
    });
  }

  /** Notes which new drafts stand for those that the device changed. */
  async note(planned: readonly PlannedChange[], result: CollectionSync, key: SyncKey): Promise<void> {
    const changed = planned.flatMap(({ change }) => (change?.kind === 'change' ? change.serverId : []));
    const gone = result.changes.filter(({ kind, serverId }) => kind === 'delete' && changed.includes(serverId));
    const made = result.changes.filter(({ kind }) => kind === 'add');
    const [from] = gone;
    const [to] = made;
    // of several at once nobody can tell which is which
    if (!from || !to || gone.length > 1 || made.length > 1) return;
    const others = this.#all().filter((one) => one.from !== from.serverId && one.from !== to.serverId);
    const aliases = [...others, { from: from.serverId, to: to.serverId, key }].slice(-remembered);
    await this.session.fields.set({ [field]: JSON.stringify(aliases) });
  }

  #all(): Alias[] {
    return JSON.parse(this.session.fields.get(field) ?? '[]') as Alias[];
  }
}
