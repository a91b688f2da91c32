import type { AuditedAction, Clock } from '@oxtender/bundle-api';
import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';

export interface AuditRecord extends AuditedAction {
  readonly time: string;
  /** SHA-256 over the hash before and this record: a line that is changed or taken out breaks the chain. */
  readonly hash: string;
}

/** Who did what, when, with which result: appended, never rewritten, hash-chained (rule O4). */
export class AuditTrail {
  #last: string | undefined;
  #tail: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async append(action: AuditedAction): Promise<void> {
    const appended = this.#tail.then(() => this.#append(action));
    this.#tail = appended.catch(() => undefined);
    return appended;
  }

  /** Oldest first, and whether the chain is whole. */
  async read(): Promise<{ records: AuditRecord[]; intact: boolean }> {
    const lines = (await this.#text()).split('\n').filter((line) => line !== '');
    const records = lines.map((line) => JSON.parse(line) as AuditRecord);
    const intact = records.every(
      ({ hash, ...record }, index) => hash === hashOf(records[index - 1]?.hash ?? '', record),
    );
    return { records, intact };
  }

  async #append(action: AuditedAction): Promise<void> {
    this.#last ??= (await this.read()).records.at(-1)?.hash ?? '';
    const record = { time: new Date(this.clock.now()).toISOString(), ...action };
    const hash = hashOf(this.#last, record);
    await appendFile(this.path, `${JSON.stringify({ ...record, hash })}\n`, { mode: 0o600 });
    this.#last = hash;
  }

  async #text(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  }
}

function hashOf(previous: string, record: Omit<AuditRecord, 'hash'>): string {
  const { time, user, command, args, outcome } = record;
  return createHash('sha256')
    .update(JSON.stringify([previous, time, user, command, args, outcome]))
    .digest('hex');
}
