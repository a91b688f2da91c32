import { createHash } from 'node:crypto';
import type { Clock, DatabaseConnection, GroupwareUser } from '@oxtender/bundle-api';
import { day } from '../values/date-time';

type UserKey = Pick<GroupwareUser, 'contextId' | 'userId'>;

/** Milliseconds after which a device that was off for so long is told of a mail as if no other had brought it. */
const kept = 400 * day;

/** The mails whose word about a meeting is in a user's calendar, whichever of the user's devices got them first. */
export interface AppliedMails {
  /** @returns the index of each that is not applied yet, in order */
  missing(user: UserKey, mails: readonly string[]): Promise<number[]>;
  note(user: UserKey, mail: string): Promise<void>;
}

/** {@link AppliedMails} in `easMeetingMail`. */
export class StoredAppliedMails implements AppliedMails {
  constructor(
    private readonly connection: DatabaseConnection,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async missing({ contextId, userId }: UserKey, mails: readonly string[]): Promise<number[]> {
    if (mails.length === 0) return [];
    const hashes = mails.map(hashOf);
    const places = hashes.map(() => '?').join(', ');
    const rows = await this.connection.dataSource.query<{ mailHash: string }[]>(
      `SELECT mailHash FROM easMeetingMail WHERE cid = ? AND id = ? AND mailHash IN (${places})`,
      [contextId, userId, ...hashes],
    );
    const applied = new Set(rows.map(({ mailHash }) => mailHash));
    return hashes.flatMap((hash, at) => (applied.has(hash) ? [] : [at]));
  }

  async note({ contextId, userId }: UserKey, mail: string): Promise<void> {
    const now = this.clock.now();
    const { dataSource } = this.connection;
    await dataSource.query('REPLACE INTO easMeetingMail (cid, id, mailHash, appliedAt) VALUES (?, ?, ?, ?)', [
      contextId,
      userId,
      hashOf(mail),
      now,
    ]);
    await dataSource.query('DELETE FROM easMeetingMail WHERE cid = ? AND id = ? AND appliedAt < ?', [
      contextId,
      userId,
      now - kept,
    ]);
  }
}

function hashOf(mail: string): string {
  return createHash('sha256').update(mail).digest('base64url');
}
