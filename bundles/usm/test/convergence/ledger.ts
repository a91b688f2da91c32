import type { ConflictPolicy } from '@oxtender/bundle-api';
import type { ItemKind } from './item-kinds';

type Side = 'device' | 'server';

interface Write {
  readonly side: Side;
  /** Values that the writer saw and replaced. */
  readonly replaced: Set<string>;
}

/** What happened to one item, by its tag. */
interface Life {
  readonly kind: ItemKind;
  /** Values written, by field. Every value is written once in a run. */
  readonly writes: Map<string, Map<string, Write>>;
  deletedByServer: boolean;
  /** What the device saw when it deleted the item. */
  seenAtDeletion: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Who wrote what, and what each writer saw: from that follows which values may stand in the end. A value that somebody saw and
 * replaced must not come back; of values that nobody saw, the policy decides.
 */
export class Ledger {
  readonly #lives = new Map<string, Life>();

  get tags(): Iterable<string> {
    return this.#lives.keys();
  }

  /** What an item of that name is tagged with. */
  name(tag: string): string {
    return tag;
  }

  kindOf(tag: string): ItemKind {
    return this.#life(tag).kind;
  }

  born(tag: string, kind: ItemKind): void {
    this.#lives.set(tag, { kind, writes: new Map(), deletedByServer: false, seenAtDeletion: undefined });
  }

  wrote(
    side: Side,
    tag: string,
    field: string,
    { value, replaced }: { value: string; replaced: string | undefined },
  ): void {
    const life = this.#life(tag);
    const writes = life.writes.get(field) ?? new Map<string, Write>();
    writes.set(value, { side, replaced: new Set(replaced === undefined ? [] : [replaced]) });
    life.writes.set(field, writes);
  }

  /** The device was told another value while it had its own unsent, and keeps its own. */
  insisted(tag: string, field: string, { value, replaced }: { value: string; replaced: string }): void {
    this.#life(tag).writes.get(field)?.get(value)?.replaced.add(replaced);
  }

  deletedByServer(tag: string): void {
    this.#life(tag).deletedByServer = true;
  }

  deletedByDevice(tag: string, seen: Readonly<Record<string, string | undefined>>): void {
    this.#life(tag).seenAtDeletion = { ...seen };
  }

  isDeleted(tag: string): boolean {
    const { deletedByServer, seenAtDeletion } = this.#life(tag);
    return deletedByServer || seenAtDeletion !== undefined;
  }

  /** How many items of the tag there may be. */
  allowedCount(tag: string, policy: ConflictPolicy): { least: number; most: number } {
    const most = policy === 'keep-both' ? Infinity : 1;
    if (!this.isDeleted(tag)) return { least: 1, most };
    // A deletion by the device against a change by the server: only where the client wins it is sure to prevail.
    const survives = policy !== 'client-wins' && this.#isChangedUnseen(tag);
    return { least: 0, most: policy === 'keep-both' || survives ? most : 0 };
  }

  #isChangedUnseen(tag: string): boolean {
    const { writes, seenAtDeletion, deletedByServer } = this.#life(tag);
    if (!seenAtDeletion || deletedByServer) return false;
    return [...writes].some(([field, ofField]) => {
      const seen = new Set<string>();
      const see = (value: string): void => {
        seen.add(value);
        for (const replaced of ofField.get(value)?.replaced ?? []) see(replaced);
      };
      if (seenAtDeletion[field] !== undefined) see(seenAtDeletion[field]);
      return [...ofField].some(([value, { side }]) => side === 'server' && !seen.has(value));
    });
  }

  /** Values of a field that nobody saw and replaced, by who wrote them. */
  standing(tag: string, field: string): { device: Set<string>; server: Set<string> } {
    const writes = this.#life(tag).writes.get(field) ?? new Map<string, Write>();
    const replaced = new Set([...writes.values()].flatMap((write) => [...write.replaced]));
    const standing = [...writes].filter(([value]) => !replaced.has(value));
    const of = (side: Side): Set<string> =>
      new Set(standing.filter(([, write]) => write.side === side).map(([value]) => value));
    return { device: of('device'), server: of('server') };
  }

  #life(tag: string): Life {
    const life = this.#lives.get(tag);
    if (!life) throw new Error(`nobody made ${tag}`);
    return life;
  }
}
