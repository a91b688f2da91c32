import { GroupwareError } from '@oxtender/bundle-api';
import type { OxAnswer } from '../http/ox-call';

/** How long after a change another one with the same millisecond may still come; the servers' clocks may differ a little. */
const settling = 2_000;

/** Room for ids in a token. */
const idRoom = 800;

/**
 * Where reading of changes stopped: the newest last_modified seen. While it is so fresh that more changes may come
 * with the same millisecond, the token also holds what was seen of that millisecond, and reading goes back by one.
 */
export class ChangeToken {
  constructor(
    readonly timestamp: number,
    private readonly seen?: ReadonlySet<string> | undefined,
  ) {}

  /** @throws GroupwareError STALE_TOKEN for what is no token */
  static parse(text: string): ChangeToken {
    const [timestamp = '', seen] = text.split('~', 2);
    if (!/^\d{1,16}$/.test(timestamp)) throw new GroupwareError('STALE_TOKEN', 'not a change token of this bridge');
    return new ChangeToken(
      Number(timestamp),
      seen === undefined ? undefined : new Set(seen.split(',').filter(Boolean)),
    );
  }

  /** The `timestamp` to ask for: the server answers what is newer. */
  get askFor(): number {
    return this.seen ? Math.max(this.timestamp - 1, 0) : this.timestamp;
  }

  /** True for a change that the caller was told before. */
  isKnown(id: string, lastModified: number): boolean {
    return lastModified === this.timestamp && this.seen?.has(id) === true;
  }

  /** True for a deletion that the caller was told before; that the object changed before it was deleted is another thing. */
  isKnownDeletion(id: string): boolean {
    return this.seen?.has(deletionOf(id)) === true;
  }

  /**
   * The token after an answer. Never goes back: the server tells 0 when nothing changed.
   *
   * @param newest - ids that the answer had with its newest time
   * @param deleted - ids of deletions, whose time it does not tell
   */
  after(
    answer: Pick<OxAnswer, 'timestamp' | 'serverTime'>,
    { newest, deleted = [] }: { newest: Iterable<string>; deleted?: readonly string[] },
    now: number,
  ): ChangeToken {
    const timestamp = Math.max(answer.timestamp, this.timestamp);
    const settled = (answer.serverTime ?? now) - timestamp >= settling;
    if (settled || timestamp === 0) return new ChangeToken(timestamp);
    const known = timestamp === this.timestamp ? (this.seen ?? []) : [];
    return new ChangeToken(timestamp, new Set([...known, ...newest, ...deleted.map(deletionOf)]));
  }

  toString(): string {
    if (!this.seen) return String(this.timestamp);
    let text = '';
    // What does not fit is told again: harmless.
    for (const id of this.seen) if (text.length + id.length < idRoom) text += `${id},`;
    return `${this.timestamp}~${text}`;
  }
}

function deletionOf(id: string): string {
  return `-${id}`;
}
