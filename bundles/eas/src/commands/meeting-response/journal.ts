import type { SyncSession } from '@oxtender/bundle-api';

/** Answers of a device that are remembered. */
const remembered = 60;

const field = 'eas.meetings';

/** The last answer to one request. */
export interface RecordedAnswer {
  /** RequestId or LongId, and the occurrence. */
  readonly request: string;
  /** Digest of what was answered. */
  readonly answer: string;
  /** Grows with every other answer to the same request: each has a mail of its own. */
  readonly round: number;
  readonly state: 'pending' | 'done';
  readonly calendarId?: string | undefined;
}

/** What a device has answered, so that a repeat after a lost answer does nothing twice. Kept with its session. */
export class AnswerJournal {
  constructor(private readonly session: SyncSession) {}

  find(request: string): RecordedAnswer | undefined {
    return this.#all().find((entry) => entry.request === request);
  }

  async record(entry: RecordedAnswer): Promise<void> {
    const others = this.#all().filter(({ request }) => request !== entry.request);
    await this.session.fields.set({ [field]: JSON.stringify([...others, entry].slice(-remembered)) });
  }

  #all(): RecordedAnswer[] {
    return JSON.parse(this.session.fields.get(field) ?? '[]') as RecordedAnswer[];
  }
}
