import type { AuditedAction, Clock, Logger } from '@oxtender/bundle-api';
import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';

/** The beginning of an action, or its end. */
export interface AuditRecord extends AuditedAction {
  readonly time: string;
  /** Of an end: the hash of its beginning. */
  readonly begun?: string;
  /** SHA-256 over the hash before and this record: a line that is changed or taken out breaks the chain. */
  readonly hash: string;
}

/** An action as operators see it. */
export interface AuditEntry extends AuditedAction {
  /** When it began. */
  readonly time: string;
}

/** What is done, before it is known how it ends. */
export type BeginningAction = Omit<AuditedAction, 'outcome'>;

const begun = 'begun';

/**
 * Who did what, when, with which result: appended, never rewritten, hash-chained (rule O4). What begins is written before
 * it is done, so that a host that dies in the middle leaves a trace of what it was at.
 */
export class AuditTrail {
  #last: string | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  /** Hashes of the beginnings of what runs now. */
  readonly #running = new Set<string>();

  constructor(
    private readonly path: string,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly log: Logger,
  ) {}

  /**
   * Writes the beginning and the end around the work. A disk that is full keeps nobody from working: it may be what the
   * work is about.
   *
   * @throws what the work throws
   */
  async record<T>(action: BeginningAction, work: () => Promise<T>): Promise<T> {
    const beginning = await this.#append({ ...action, outcome: begun });
    this.#running.add(beginning);
    let outcome = 'done';
    try {
      return await work();
    } catch (error) {
      outcome = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      await this.#append({ ...action, outcome, ...(beginning !== '' && { begun: beginning }) });
      this.#running.delete(beginning);
    }
  }

  /** Of what is over already. */
  async append(action: AuditedAction): Promise<void> {
    await this.#append(action);
  }

  /** Oldest first; what has no end is `running`, or `interrupted` when its host is gone. And whether the chain is whole. */
  async read(): Promise<{ entries: AuditEntry[]; intact: boolean }> {
    const { records, intact } = await this.#read();
    const ends = new Map(records.flatMap((record) => (record.begun === undefined ? [] : [[record.begun, record]])));
    const entries = records.flatMap(({ time, user, command, args, outcome, begun: beginning, hash }): AuditEntry[] => {
      if (beginning !== undefined) return [];
      const open = this.#running.has(hash) ? 'running' : 'interrupted';
      return [{ time, user, command, args, outcome: outcome === begun ? (ends.get(hash)?.outcome ?? open) : outcome }];
    });
    return { entries, intact };
  }

  /** A line that a crash tore belongs to nothing that was done, and breaks nothing: the next one follows the one before. */
  async #read(): Promise<{ records: AuditRecord[]; intact: boolean; torn: boolean }> {
    const text = await this.#text();
    const records = text.split('\n').flatMap(recordsIn);
    const intact = records.every((record, index) => record.hash === hashOf(records[index - 1]?.hash ?? '', record));
    return { records, intact, torn: text !== '' && !text.endsWith('\n') };
  }

  /** @returns the record's hash; empty when it could not be written */
  async #append(action: Omit<AuditRecord, 'time' | 'hash'>): Promise<string> {
    const appended = this.#tail.then(() => this.#write(action));
    this.#tail = appended.catch(() => undefined); // told below
    try {
      return await appended;
    } catch (error) {
      this.log.error('the audit trail cannot be written', { path: this.path, ...action, error });
      return '';
    }
  }

  async #write(action: Omit<AuditRecord, 'time' | 'hash'>): Promise<string> {
    let start = '';
    if (this.#last === undefined) {
      const { records, torn } = await this.#read();
      this.#last = records.at(-1)?.hash ?? '';
      if (torn) start = '\n';
    }
    const record = { time: new Date(this.clock.now()).toISOString(), ...action };
    const hash = hashOf(this.#last, record);
    await appendFile(this.path, `${start}${JSON.stringify({ ...record, hash })}\n`, { mode: 0o600 });
    return (this.#last = hash);
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

function recordsIn(line: string): AuditRecord[] {
  if (line === '') return [];
  try {
    return [JSON.parse(line) as AuditRecord];
  } catch {
    return []; // torn: not a whole record
  }
}

function hashOf(previous: string, record: Omit<AuditRecord, 'hash'>): string {
  const { time, user, command, args, outcome, begun: beginning } = record;
  const fields = [previous, time, user, command, args, outcome, ...(beginning === undefined ? [] : [beginning])];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}
