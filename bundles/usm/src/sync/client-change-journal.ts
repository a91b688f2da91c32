import { type ClientChangeStatus, SyncError, type SyncKey } from '@oxtender/bundle-api';
import type { CollectionAddress } from '../tables/collection-address';
import type { StateStore, StoredJournal } from '../tables/state-store';
import type { OwnFields } from './three-way';

/** Milliseconds after which a host that journalled changes is taken to have died over them. */
const longestWork = 60_000;

/** How a client change ended, as far as a repeat must know. */
export interface RecordedOutcome {
  readonly status: ClientChangeStatus;
  /** Of the item that an add made, or that the change was about. */
  readonly itemId?: string;
  readonly version?: string;
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

/** Who writes journals, and whether the other hosts can be heard. */
export interface JournalWriter {
  /** Of this process. */
  readonly host: string;
  /** True while locks do not reach the other hosts. */
  readonly isAlone: boolean;
  readonly now: number;
}

interface Content {
  readonly host: string;
  /** When it was written. */
  readonly at: number;
  readonly changes: [string, RecordedChange][];
  readonly own: [string, Record<number, { sent: number[]; written?: number }>][];
}

/** Changes that came with one key, by what they are about. */
export class ClientChangeJournal {
  readonly #records: Map<string, RecordedChange>;
  readonly #own: Map<string, Content['own'][number][1]>;
  #revision: number | undefined;

  private constructor(
    private readonly store: StateStore,
    private readonly address: CollectionAddress,
    private readonly key: SyncKey,
    private readonly writer: JournalWriter,
    stored: { revision: number; content: Content } | undefined,
  ) {
    this.#records = new Map(stored?.content.changes);
    this.#own = new Map(stored?.content.own);
    this.#revision = stored?.revision;
  }

  /** @throws SyncError COLLECTION_BUSY when another host, which cannot be asked, may be at work on the changes */
  static async open(
    store: StateStore,
    address: CollectionAddress,
    key: SyncKey,
    writer: JournalWriter,
  ): Promise<ClientChangeJournal> {
    const found = await store.journal(address, key);
    const content = found && (JSON.parse(found.element.toString('utf8')) as Content);
    if (content && mayBeAtWork(content, writer)) {
      throw new SyncError('COLLECTION_BUSY', 'another host may be at work on these changes', { retryable: true });
    }
    return new ClientChangeJournal(
      store,
      address,
      key,
      writer,
      found && content && { revision: found.revision, content },
    );
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

  /** For the commit of the state. */
  stored(): StoredJournal {
    const { host, now: at } = this.writer;
    const content: Content = { host, at, changes: [...this.#records], own: [...this.#own] };
    return { revision: this.#revision, element: Buffer.from(JSON.stringify(content)) };
  }

  /** @throws SyncError COLLECTION_BUSY when another host wrote it meanwhile */
  async write(): Promise<void> {
    await this.store.writeJournal(this.address, this.key, this.stored());
    this.#revision = this.#revision === undefined ? 0 : this.#revision + 1;
  }
}

function mayBeAtWork({ host, at, changes }: Content, writer: JournalWriter): boolean {
  if (!writer.isAlone || host === writer.host || writer.now - at >= longestWork) return false;
  return changes.some(([, { outcome }]) => outcome === undefined);
}
