import { compareIds, type Entry, Mark } from './entry';
import { Segment, segmentCapacity } from './segment';

/** What an answer told the device, so that the same can be said again. */
export interface TellingItem {
  readonly kind: 'add' | 'change' | 'flags' | 'delete' | 'softDelete';
  readonly id: string;
}

/** Of a state, what is not an item. */
export interface StateHeader {
  /** The groupware's change token up to which its changes are in the marks; undefined before the first listing. */
  readonly token: string | undefined;
  /** First day of the time filter when the marks were set. */
  readonly since: number | undefined;
  readonly incompleteOnly: boolean;
  /** What the answer that carried this state's key told. */
  readonly told: readonly TellingItem[];
  readonly moreAvailable: boolean;
}

export const emptyHeader: StateHeader = {
  token: undefined,
  since: undefined,
  incompleteOnly: false,
  told: [],
  moreAvailable: false,
};

/** Items of a collection as one device knows them under one sync key, and what it has yet to be told. Immutable. */
export class CollectionState {
  static readonly empty = new CollectionState(emptyHeader, []);

  #counts: readonly number[] | undefined;

  constructor(
    readonly header: StateHeader,
    readonly segments: readonly Segment[],
  ) {}

  get size(): number {
    return this.count(...Object.values(Mark));
  }

  count(...marks: readonly Mark[]): number {
    this.#counts ??= countMarks(this.segments);
    return marks.reduce<number>((sum, mark) => sum + (this.#counts?.[mark] ?? 0), 0);
  }

  /** How much of the groupware's news the device has yet to be told; some may turn out to be on it as it is. */
  get pending(): number {
    return this.count(Mark.Add, Mark.Change, Mark.Delete, Mark.SoftDelete, Mark.Resend);
  }

  /** Whether a window would find anything. */
  get isTold(): boolean {
    return this.pending + this.count(Mark.Own) === 0;
  }

  get(id: string): Entry | undefined {
    const segment = this.segments[segmentIndex(this.segments, id)];
    if (!segment) return undefined;
    const { entries } = segment;
    const at = insertionIndex(entries, id);
    return entries[at]?.id === id ? entries[at] : undefined;
  }

  /** All items, by ascending id. */
  *entries(): Generator<Entry> {
    for (const segment of this.segments) yield* segment.entries;
  }

  /** Items with this mark, the highest ids first; looks only where there are some. */
  *marked(mark: Mark): Generator<Entry> {
    for (const segment of this.segments.toReversed()) {
      if ((segment.counts[mark] ?? 0) === 0) continue;
      for (const entry of segment.entries.toReversed()) if (entry.mark === mark) yield entry;
    }
  }

  /** Lets go of everything that was unpacked. */
  pack(): void {
    for (const segment of this.segments) segment.pack();
  }

  /** Bytes of the packed items. */
  get packedSize(): number {
    return this.segments.reduce((sum, segment) => sum + segment.pack().length, 0);
  }

  withHeader(change: Partial<StateHeader>): CollectionState {
    return new CollectionState({ ...this.header, ...change }, this.segments);
  }

  edit(): StateEditor {
    return new StateEditor(this);
  }
}

/** Collects changes of items and makes the next state. Sees its own changes. */
export class StateEditor {
  readonly #changed = new Map<string, Entry | undefined>();

  constructor(readonly base: CollectionState) {}

  get isEmpty(): boolean {
    return this.#changed.size === 0;
  }

  get(id: string): Entry | undefined {
    return this.#changed.has(id) ? this.#changed.get(id) : this.base.get(id);
  }

  set(entry: Entry): void {
    this.#changed.set(entry.id, entry);
  }

  remove(id: string): void {
    if (this.get(id)) this.#changed.set(id, undefined);
  }

  /** The next state; the editor is then used up. */
  finish(header: Partial<StateHeader> = {}): CollectionState {
    const next = this.isEmpty ? this.base.segments : this.#nextSegments();
    return new CollectionState({ ...this.base.header, ...header }, next);
  }

  #nextSegments(): Segment[] {
    const { segments } = this.base;
    const ids = [...this.#changed.keys()].sort(compareIds);
    const next: Segment[] = [];
    let at = 0;
    for (let index = 0; index < Math.max(segments.length, 1); index++) {
      const limit = segments[index + 1]?.firstId;
      const from = at;
      while (at < ids.length && (limit === undefined || compareIds(ids[at] ?? '', limit) < 0)) at++;
      const segment = segments[index];
      if (from === at && segment) next.push(segment);
      else next.push(...split(this.#merge(segment?.entries ?? [], ids.slice(from, at))));
    }
    return next;
  }

  /** @param ids - changed items of this stretch, ascending */
  #merge(entries: readonly Entry[], ids: readonly string[]): Entry[] {
    const merged: Entry[] = [];
    let at = 0;
    for (const id of ids) {
      for (let entry = entries[at]; entry && compareIds(entry.id, id) < 0; entry = entries[++at]) merged.push(entry);
      if (entries[at]?.id === id) at++;
      const changed = this.#changed.get(id);
      if (changed) merged.push(changed);
    }
    for (; at < entries.length; at++) merged.push(entries[at] as Entry);
    return merged;
  }
}

function countMarks(segments: readonly Segment[]): number[] {
  const sums = Object.values(Mark).map(() => 0);
  for (const { counts } of segments) counts.forEach((count, mark) => (sums[mark] = (sums[mark] ?? 0) + count));
  return sums;
}

function split(entries: readonly Entry[]): Segment[] {
  const parts = Math.ceil(entries.length / segmentCapacity);
  const size = Math.ceil(entries.length / parts);
  return Array.from({ length: parts }, (_, part) => Segment.of(entries.slice(part * size, (part + 1) * size)));
}

/** The last segment that begins at or before `id`; 0 when none does. */
function segmentIndex(segments: readonly Segment[], id: string): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (compareIds(segments[middle]?.firstId ?? '', id) <= 0) low = middle;
    else high = middle - 1;
  }
  return low;
}

function insertionIndex(entries: readonly Entry[], id: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareIds(entries[middle]?.id ?? '', id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
