import type {
  Cancellable,
  Clock,
  FolderRef,
  GroupwareError,
  GroupwareSession,
  Item,
  ItemVersion,
  Message,
  MessageFlags,
  ReadOptions,
  ReadResult,
} from '@oxtender/bundle-api';
import { hashItem, isNews } from '../fields/field-hash';
import type { CollectionState, StateEditor, TellingItem } from '../state/collection-state';
import { type Entry, Mark } from '../state/entry';
import { type DayFilter, exclusion } from './item-filter';
import { readItems } from './item-reader';

/** Items read in one call: small enough to look at the clock between two calls. */
const readBatch = 100;

/** One thing to tell the device. */
export type Telling = TellingItem & { readonly item?: Item; readonly flags?: MessageFlags };

export interface WindowOptions extends Cancellable {
  /** Most changes to tell. */
  readonly size: number;
  readonly read: ReadOptions;
  readonly filter: DayFilter;
  /** Records that are known already. */
  readonly listed: ReadonlyMap<string, ItemVersion>;
  /** No more reading after this moment; at least one batch is read. */
  readonly deadline: number;
}

/** Items on their way here. Their outcome is settled: it may fail before its turn comes. */
interface Reading {
  readonly batch: readonly Entry[];
  readonly outcome: Promise<PromiseSettledResult<ReadResult[]>[]>;
}

/** An item that could not be read. */
export interface BrokenItem {
  readonly id: string;
  readonly error: GroupwareError;
}

export interface WindowResult {
  readonly state: CollectionState;
  readonly tellings: readonly Telling[];
  readonly broken: readonly BrokenItem[];
}

/**
 * Takes from a refreshed state what the device is told next: what is gone, then what changed, then what is new, the
 * highest ids first. What turns out to be on the device as it is costs no place in the window.
 */
export class Window {
  readonly #tellings: Telling[] = [];
  readonly #broken: BrokenItem[] = [];
  readonly #editor: StateEditor;

  constructor(
    private readonly groupware: GroupwareSession,
    private readonly folder: FolderRef,
    private readonly clock: Clock,
    private readonly state: CollectionState,
    private readonly options: WindowOptions,
  ) {
    this.#editor = state.edit();
  }

  async take(): Promise<WindowResult> {
    this.#takeGone(Mark.Delete, 'delete');
    this.#takeGone(Mark.SoftDelete, 'softDelete');
    await this.#takeContents(Mark.Resend);
    await this.#takeContents(Mark.Own);
    await this.#takeContents(Mark.Change);
    await this.#takeContents(Mark.Add);
    return { state: this.#editor.finish(), tellings: this.#tellings, broken: this.#broken };
  }

  get #free(): number {
    return this.options.size - this.#tellings.length;
  }

  #takeGone(mark: Mark, kind: 'delete' | 'softDelete'): void {
    if (this.state.count(mark) === 0) return;
    for (const { id } of this.state.marked(mark)) {
      if (this.#free <= 0) return;
      this.#tellings.push({ kind, id });
      this.#editor.remove(id);
    }
  }

  async #takeContents(mark: Mark): Promise<void> {
    if (this.state.count(mark) === 0) return;
    const candidates = this.state.marked(mark);
    let reading = this.#read(candidates, 0);
    while (reading) {
      // The groupware works on the next batch while this host works on the one before.
      const next = this.#readInTime(candidates, reading.batch.length);
      await this.#tellBatch(reading);
      reading = next ?? this.#readInTime(candidates, 0);
    }
  }

  #readInTime(candidates: Iterator<Entry>, coming: number): Reading | undefined {
    return this.clock.now() < this.options.deadline ? this.#read(candidates, coming) : undefined;
  }

  /** @param coming - how many places those may take that are on their way */
  #read(candidates: Iterator<Entry>, coming: number): Reading | undefined {
    const batch = takeSome(candidates, Math.min(this.#free - coming, readBatch));
    if (batch.length === 0) return undefined;
    const unread = batch.filter((entry) => !this.#isListed(entry)).map(({ id }) => id);
    // Of a mail that the device has only the flags are looked at.
    const flagsOnly = this.folder.itemClass === 'Email' && batch.every(isComparison);
    const options = flagsOnly ? { signal: this.options.signal } : { ...this.options.read, signal: this.options.signal };
    return { batch, outcome: Promise.allSettled([readItems(this.groupware, this.folder, unread, options)]) };
  }

  async #tellBatch({ batch, outcome }: Reading): Promise<void> {
    const [results] = await outcome;
    if (results?.status !== 'fulfilled') throw results?.reason;
    const read = new Map(results.value.map((result) => [result.id, result]));
    for (const entry of batch) {
      const result = read.get(entry.id);
      if (result?.error) this.#giveUp(entry, result.error);
      else if (result) this.#tell(entry, result.version, result.item);
      else this.#tellListed(entry);
    }
  }

  #isListed(entry: Entry): boolean {
    const listed = this.options.listed.get(entry.id);
    if (listed?.version !== entry.version) return false;
    return listed.item !== undefined || (listed.flags !== undefined && isComparison(entry));
  }

  #tellListed(entry: Entry): void {
    const listed = this.options.listed.get(entry.id);
    this.#tell(entry, entry.version, (listed?.item ?? listed?.flags) as Item);
  }

  #tell(entry: Entry, version: string, item: Item): void {
    const { itemClass } = this.folder;
    const { id, day } = entry;
    const kind = exclusion(this.options.filter, item);
    if (kind) {
      this.#editor.set({ id, version, day, mark: Mark.Withheld, hashes: undefined });
      if (entry.hashes) this.#tellings.push({ kind, id });
      return;
    }
    const hashes = hashItem(itemClass, item);
    this.#editor.set({ id, version, day, mark: Mark.Known, hashes });
    if (!entry.hashes) this.#tellings.push({ kind: 'add', id, item });
    else if (entry.mark === Mark.Resend) this.#tellings.push({ kind: 'change', id, item });
    else if (!isNews(itemClass, entry.hashes, hashes, entry.mark === Mark.Own)) return;
    else if (itemClass === 'Email') this.#tellings.push({ kind: 'flags', id, flags: flagsOf(item as Message) });
    else this.#tellings.push({ kind: 'change', id, item });
  }

  /**
   * The item cannot be read, or vanished after it was listed: this version of it is not told. A later version, or the
   * report that it is gone, ends that.
   */
  #giveUp(entry: Entry, error: GroupwareError): void {
    this.#editor.set({ ...entry, mark: entry.hashes ? Mark.Known : Mark.Withheld });
    if (error.code !== 'NOT_FOUND') this.#broken.push({ id: entry.id, error });
  }
}

/** True when what the device has decides whether it is told. */
function isComparison({ mark }: Entry): boolean {
  return mark === Mark.Change || mark === Mark.Own;
}

/** What of a mail can change. */
export function flagsOf({ read, followUp, answered, forwarded, categories }: MessageFlags): MessageFlags {
  return {
    read,
    ...(followUp && { followUp }),
    ...(answered !== undefined && { answered }),
    ...(forwarded !== undefined && { forwarded }),
    ...(categories && { categories }),
  };
}

function takeSome<T>(source: Iterator<T>, limit: number): T[] {
  const taken: T[] = [];
  while (taken.length < limit) {
    const next = source.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}
