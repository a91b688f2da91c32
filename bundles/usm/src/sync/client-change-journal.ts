import type { ClientChangeStatus, SyncKey } from '@oxtender/bundle-api';
import type { CollectionAddress } from '../tables/collection-address';
import type { StateStore } from '../tables/state-store';
import type { OwnFields } from './three-way';

/** How a client change ended, as far as a repeat must know. */
export interface RecordedOutcome {
  readonly status: ClientChangeStatus;
  /** Of the item that an add made, or that the change was about. */
  readonly itemId?: string;
  readonly version?: string;
  /** Id of the second item, where a conflict kept both. */
  readonly copyId?: string;
}

/** One client change. Without an outcome it was begun: the groupware may or may not have done it. */
export interface RecordedChange {
  /** Hash of what the device sent; empty when it cannot be told. */
  readonly content: string;
  /** What it sent before, in earlier requests with the same key: late repeats of those are not done again. */
  readonly superseded?: readonly string[];
  /** Hashes of the fields that the device sent, by position. */
  readonly fields?: Readonly<Record<number, number>>;
  readonly outcome?: RecordedOutcome;
}

interface StoredJournal {
  readonly changes: [string, RecordedChange][];
  readonly own: [string, Record<number, { sent: number[]; written?: number }>][];
}

/** Changes that came with one key, by what they are about. */
export class ClientChangeJournal {
  readonly #records: Map<string, RecordedChange>;
  readonly #own: Map<string, StoredJournal['own'][number][1]>;

  private constructor(
    private readonly store: StateStore,
    private readonly address: CollectionAddress,
    private readonly key: SyncKey,
    { changes, own }: StoredJournal,
  ) {
    this.#records = new Map(changes);
    this.#own = new Map(own);
  }

  static async open(store: StateStore, address: CollectionAddress, key: SyncKey): Promise<ClientChangeJournal> {
    const element = await store.journal(address, key);
    const stored = element ? (JSON.parse(element.toString('utf8')) as StoredJournal) : { changes: [], own: [] };
    return new ClientChangeJournal(store, address, key, stored);
  }

  /** What the device's changes with this key wrote, or may have written, to an item. */
  own(itemId: string): OwnFields {
    return this.#own.get(itemId) ?? {};
  }

  /** The device is about to write these fields of an item. */
  addSent(itemId: string, fields: Readonly<Record<number, number>>): void {
    const own = this.#own.get(itemId) ?? {};
    for (const [position, hash] of Object.entries(fields)) {
      const { sent } = (own[Number(position)] ??= { sent: [] });
      if (!sent.includes(hash)) sent.push(hash);
    }
    this.#own.set(itemId, own);
  }

  /** These fields of an item are written. */
  addWritten(itemId: string, fields: Readonly<Record<number, number>>): void {
    this.addSent(itemId, fields);
    const own = this.#own.get(itemId) ?? {};
    for (const [position, hash] of Object.entries(fields)) {
      const field = own[Number(position)];
      if (field) field.written = hash;
    }
  }

  get(id: string): RecordedChange | undefined {
    return this.#records.get(id);
  }

  /** Adds how a change ended to what is known of it. */
  conclude(id: string, outcome: RecordedOutcome): void {
    this.#records.set(id, { content: '', ...this.#records.get(id), outcome });
  }

  /** In memory; {@link ClientChangeJournal.write} or the commit of the state makes it durable. */
  set(id: string, record: RecordedChange): void {
    this.#records.set(id, record);
  }

  encode(): Buffer {
    const stored: StoredJournal = { changes: [...this.#records], own: [...this.#own] };
    return Buffer.from(JSON.stringify(stored));
  }

  async write(): Promise<void> {
    await this.store.writeJournal(this.address, this.key, this.encode());
  }
}
