import type { GroupwareUser } from '@oxtender/bundle-api';
import type { AppliedMails } from '../../src/meetings/applied-mails';

/** Keeps nothing longer than a test. */
export class MemoryAppliedMails implements AppliedMails {
  readonly #applied = new Set<string>();

  missing({ userId }: Pick<GroupwareUser, 'userId'>, mails: readonly string[]): Promise<number[]> {
    return Promise.resolve(mails.flatMap((mail, at) => (this.#applied.has(`${userId}/${mail}`) ? [] : [at])));
  }

  note({ userId }: Pick<GroupwareUser, 'userId'>, mail: string): Promise<void> {
    this.#applied.add(`${userId}/${mail}`);
    return Promise.resolve();
  }
}
