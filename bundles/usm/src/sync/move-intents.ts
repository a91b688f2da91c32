import type { CollectionId, ServerId, SessionFields } from '@oxtender/bundle-api';

/** Moves that are remembered beyond those of the newest request. */
const remembered = 100;

const field = 'usm.moves';

/** A move that the groupware was about to be asked for. */
export interface MoveIntent {
  readonly source: ServerId;
  readonly target: CollectionId;
  /** Mails only: by it the mail is found under its new id. */
  readonly messageId?: string;
  /** Of a mail that names itself by nothing: what it looks like. */
  readonly likeness?: string;
}

/**
 * Moves, noted with the device's session before the groupware does them: when the process ends in between, a repeat
 * knows that it was this device that took the item away, and where to look for it.
 */
export class MoveIntents {
  constructor(private readonly fields: SessionFields) {}

  find(source: ServerId, target: CollectionId): MoveIntent | undefined {
    return this.#all().find((one) => one.source === source && one.target === target);
  }

  async note(intents: readonly MoveIntent[]): Promise<void> {
    const sources = new Set(intents.map(({ source }) => source));
    const others = this.#all().filter(({ source }) => !sources.has(source));
    const kept = [...others, ...intents].slice(-Math.max(remembered, intents.length));
    if (intents.length > 0) await this.fields.set({ [field]: JSON.stringify(kept) });
  }

  #all(): MoveIntent[] {
    return JSON.parse(this.fields.get(field) ?? '[]') as MoveIntent[];
  }
}
