import {
  type ClientChange,
  type CollectionSync,
  type CollectionSyncRequest,
  type Item,
  type ItemPatch,
  type ServerChange,
} from '@oxtender/bundle-api';
import type { ItemKind } from './item-kinds';
import type { Ledger } from './ledger';

/** How a device writes its changes: only what it changed, or always the whole item, with or without a fingerprint. */
export type ChangeStyle = 'patch' | 'whole' | 'whole with fingerprint';

/** An item on the device. */
export interface LocalItem {
  serverId: string | undefined;
  readonly clientId: string;
  readonly tag: string;
  /** As shown: the server's values, and over them what the device wrote. */
  values: Record<string, string | undefined>;
  /** Fields written since they were last sent and confirmed, with what is shown. */
  dirty: Set<string>;
  isDeleted: boolean;
}

/** What was in a request, to be confirmed by its answer. */
interface Sent {
  readonly changes: readonly ClientChange[];
  readonly parts: readonly {
    readonly item: LocalItem;
    readonly values: Record<string, string | undefined>;
    readonly kind: ClientChange['kind'];
  }[];
}

/** One collection on a correct device, whose user goes on editing while answers get lost. */
export class SimulatedCollection {
  key = '0';
  /** A request without an answer. */
  #unanswered: (Sent & { request: CollectionSyncRequest }) | undefined;
  readonly #items = new Set<LocalItem>();
  #made = 0;
  #written = 0;

  constructor(
    readonly kind: ItemKind,
    readonly collectionId: string,
    readonly folderId: string,
    private readonly ledger: Ledger,
    private readonly style: ChangeStyle,
  ) {}

  /** Items that the user sees. */
  get visible(): LocalItem[] {
    return [...this.#items].filter(({ isDeleted }) => !isDeleted);
  }

  isPending(): boolean {
    return this.#unanswered !== undefined || this.#collect().changes.length > 0;
  }

  add(): void {
    if (!this.kind.creatable || this.key === '0') return;
    const tag = this.ledger.name(`device-${this.collectionId}-${++this.#made}`);
    const field = this.kind.fields[0] ?? '';
    const value = `d${this.collectionId}-${++this.#written}`;
    this.ledger.born(tag, this.kind);
    this.ledger.wrote('device', tag, field, { value, replaced: undefined });
    const clientId = `new-${this.#made}`;
    const values = { [field]: value };
    this.#items.add({ serverId: undefined, clientId, tag, values, dirty: new Set(), isDeleted: false });
  }

  edit(pick: number, fieldPick: number): void {
    const item = this.#pick(pick);
    if (!item) return;
    const field = this.kind.fields[fieldPick % this.kind.fields.length] ?? '';
    const value = `d${this.collectionId}-${++this.#written}`;
    this.ledger.wrote('device', item.tag, field, { value, replaced: item.values[field] });
    item.values[field] = value;
    item.dirty.add(field);
  }

  remove(pick: number): void {
    const item = this.#pick(pick);
    if (!item) return;
    this.ledger.deletedByDevice(item.tag, item.values);
    item.isDeleted = true;
    // Nobody ever heard of it.
    if (item.serverId === undefined && this.#unanswered?.parts.some((part) => part.item === item) !== true) {
      this.#items.delete(item);
    }
  }

  /** An item that the user can move elsewhere: it is here, and nothing of it is to be told. */
  movable(pick: number): LocalItem | undefined {
    const item = this.#pick(pick);
    return item?.serverId !== undefined && item.dirty.size === 0 && !this.#unanswered ? item : undefined;
  }

  moveTo(target: SimulatedCollection, item: LocalItem, serverId: string): void {
    this.#items.delete(item);
    // One id is one item: it may have stood there before, its way out not yet told.
    for (const other of target.#items) if (other.serverId === serverId) target.#items.delete(other);
    item.serverId = serverId;
    target.#items.add(item);
  }

  /**
   * The next request: after a lost answer the same again, or a new one with all that is to be told by now.
   */
  request(
    options: Omit<CollectionSyncRequest, 'collectionId' | 'syncKey' | 'changes'>,
    repetition: 'same' | 'anew',
  ): CollectionSyncRequest {
    if (this.#unanswered && repetition === 'same') return this.#unanswered.request;
    const { collectionId, key: syncKey } = this;
    const sent: Sent = syncKey === '0' ? { changes: [], parts: [] } : this.#collect();
    const request = { ...options, collectionId, syncKey, changes: sent.changes };
    this.#unanswered = { ...sent, request };
    return request;
  }

  /** Takes the answer to the last request. */
  take({ syncKey, results, changes }: CollectionSync): void {
    const sent = this.#unanswered;
    if (!sent) throw new Error('an answer to no request');
    this.#unanswered = undefined;
    if (changes.length > sent.request.windowSize) throw new Error(`${changes.length} changes in too small a window`);
    // A collection that begins anew is empty.
    if (sent.request.syncKey === '0') this.#items.clear();
    for (const [at, part] of sent.parts.entries()) this.#confirm(part, results[at]);
    for (const change of changes) this.#apply(change);
    this.key = syncKey;
  }

  #collect(): Sent {
    const changes: ClientChange[] = [];
    const parts: Sent['parts'][number][] = [];
    for (const item of this.#items) {
      const change = this.#changeOf(item);
      if (!change) continue;
      changes.push(change);
      parts.push({ item, values: { ...item.values }, kind: change.kind });
    }
    return { changes, parts };
  }

  #changeOf(item: LocalItem): ClientChange | undefined {
    const { serverId, clientId, tag, values, dirty, isDeleted } = item;
    if (serverId === undefined) {
      const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
      return { kind: 'add', clientId, item: this.kind.make(tag, given as Record<string, string>) };
    }
    if (isDeleted) return { kind: 'delete', serverId, mode: 'permanent' };
    if (dirty.size === 0) return undefined;
    const patchOf = (fields: Iterable<string>): ItemPatch =>
      Object.fromEntries([...fields].map((field) => [field, this.kind.toField(field, shown[field] ?? '')]));
    const shown = { ...values };
    if (this.style === 'patch') return { kind: 'change', serverId, patch: patchOf(dirty) };
    const given = this.kind.fields.filter((field) => shown[field] !== undefined);
    const patch = (current: Item): ItemPatch => {
      const now = this.#valuesOf(current);
      return patchOf(given.filter((field) => now[field] !== shown[field]));
    };
    const fingerprint = JSON.stringify(given.map((field) => shown[field]));
    return { kind: 'change', serverId, patch, ...(this.style === 'whole with fingerprint' && { fingerprint }) };
  }

  #confirm({ item, values, kind }: Sent['parts'][number], result: CollectionSync['results'][number] | undefined): void {
    if (!result) throw new Error('a change without a result');
    const { status, serverId } = result;
    if (kind === 'delete') {
      this.#items.delete(item);
      if (status === 'failed' || status === 'invalid') throw new Error(`a deletion ended with ${status}`);
      return;
    }
    if (kind === 'add') {
      if (status !== 'done' || serverId === undefined) throw new Error(`an addition ended with ${status}`);
      item.serverId = serverId;
    } else if (status !== 'done' && status !== 'conflict' && status !== 'not-found') {
      throw new Error(`a change ended with ${status}`);
    }
    for (const [field, value] of Object.entries(values)) if (item.values[field] === value) item.dirty.delete(field);
    if (kind === 'add') {
      for (const field of this.kind.fields) if (item.values[field] !== values[field]) item.dirty.add(field);
    }
  }

  #apply(change: ServerChange): void {
    const item = [...this.#items].find((one) => one.serverId === change.serverId);
    switch (change.kind) {
      case 'add':
        if (item) throw new Error(`${change.serverId} was added twice`);
        this.#items.add({
          serverId: change.serverId,
          clientId: '',
          tag: this.kind.tagOf(change.item),
          values: this.#valuesOf(change.item),
          dirty: new Set(),
          isDeleted: false,
        });
        return;
      case 'change':
      case 'flags': {
        if (!item) throw new Error(`a change of ${change.serverId}, which the device does not have`);
        const values = this.#valuesOf(change.kind === 'flags' ? change.flags : change.item);
        for (const field of this.kind.fields) this.#show(item, field, values[field]);
        return;
      }
      default:
        if (!item) throw new Error(`a deletion of ${change.serverId}, which the device does not have`);
        this.#items.delete(item);
    }
  }

  #show(item: LocalItem, field: string, told: string | undefined): void {
    const own = item.values[field];
    if (!item.dirty.has(field)) item.values[field] = told;
    else if (own !== undefined && told !== undefined && own !== told)
      this.ledger.insisted(item.tag, field, { value: own, replaced: told });
  }

  #valuesOf(item: Item): Record<string, string | undefined> {
    const values = item as Record<string, unknown>;
    return Object.fromEntries(this.kind.fields.map((field) => [field, this.kind.fromField(field, values[field])]));
  }

  #pick(pick: number): LocalItem | undefined {
    const items = this.visible;
    return items[pick % Math.max(items.length, 1)];
  }
}
