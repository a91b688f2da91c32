import type { SyncSession } from '@oxtender/bundle-api';

/** Mails of a device that are remembered. */
const remembered = 50;

const field = 'eas.sent';

/** A mail that was handed to the groupware, or was about to be when the process ended. */
export interface SentMail {
  readonly key: string;
  readonly messageId: string;
  readonly state: 'pending' | 'sent';
  /** When it was handed over first. */
  readonly at: number;
  /** Where the groupware keeps a copy. */
  readonly copy?: { readonly folderId: string; readonly id: string } | undefined;
}

/** The last mails of a device, kept with its session. */
export class SentMails {
  constructor(private readonly session: SyncSession) {}

  /** @param since - older ones do not count */
  find(key: string, since = -Infinity): SentMail | undefined {
    return this.#all().find((sent) => sent.key === key && sent.at >= since);
  }

  async note(entry: SentMail): Promise<void> {
    await this.#store([...this.#others(entry.key), entry].slice(-remembered));
  }

  async forget(key: string): Promise<void> {
    await this.#store(this.#others(key));
  }

  #others(key: string): SentMail[] {
    return this.#all().filter((sent) => sent.key !== key);
  }

  #all(): SentMail[] {
    return JSON.parse(this.session.fields.get(field) ?? '[]') as SentMail[];
  }

  async #store(entries: readonly SentMail[]): Promise<void> {
    await this.session.fields.set({ [field]: JSON.stringify(entries) });
  }
}
