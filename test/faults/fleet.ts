import { profiles } from '@oxtender/eas-device';
import { OxClient } from '../support/ox-client';
import type { Installation } from './installation';
import { FleetRecord, Phone } from './phone';

export interface FleetSize {
  readonly users: number;
  readonly phonesPerUser: number;
  /** What each phone's user does, in number. */
  readonly turns: number;
}

/** What is different in the end; empty lists when nothing was lost or doubled. */
export interface Verdict {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Phones that do not show what the groupware has. */
  readonly different: readonly string[];
}

interface User {
  readonly ox: OxClient;
  readonly folder: string;
  readonly phones: readonly Phone[];
}

const kinds = [profiles.ios, profiles.samsung, profiles.android, profiles.outlook, profiles.tbsync];

/** Phones of several users, and in the groupware itself the users' browsers. */
export class Fleet implements AsyncDisposable {
  readonly record = new FleetRecord();
  #made = 0;

  private constructor(
    private readonly users: readonly User[],
    private readonly turns: number,
    private readonly random: () => number,
  ) {}

  static async setUp(installation: Installation, size: FleetSize, random: () => number): Promise<Fleet> {
    const users: User[] = [];
    const fleet = new Fleet(users, size.turns, random);
    for (let number = 1; number <= size.users; number++) {
      const login = await installation.addUser(`user${number}@example.com`);
      const ox = await OxClient.login(installation.oxUrl, login);
      const account = installation.account(login);
      const phones = Array.from(
        { length: size.phonesPerUser },
        (_, at) => new Phone(account, kinds[at % kinds.length]!, `U${number}P${at + 1}`, fleet.record, random),
      );
      users.push({ ox, folder: await ox.folder('contacts'), phones });
    }
    await Promise.all(fleet.#phones.map((phone) => phone.setUp()));
    return fleet;
  }

  get size(): number {
    return this.#phones.length;
  }

  /** Resolves when every phone has done its turns, and the disturbance is over. */
  async work(disturbance: Promise<void>): Promise<void> {
    let isOver = false;
    const over = disturbance.finally(() => (isOver = true));
    const phones = this.#phones.map(async (phone) => {
      for (let turn = 0; turn < this.turns || !isOver; turn++) await phone.turn();
    });
    const done = Promise.all(phones);
    await Promise.all([over, done, ...this.users.map((user) => this.#browse(user, done))]);
  }

  /** After quiet: who has what? */
  async judge(): Promise<Verdict> {
    // Phones of one user wake each other with their last changes.
    for (let news = true; news;) {
      news = (await Promise.all(this.#phones.map((phone) => phone.catchUp()))).some(Boolean);
    }
    const found = await Promise.all(this.users.map((user) => this.#compare(user)));
    const counts = new Map<string, number>();
    for (const { tags } of found) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    const { made, deleted } = this.record;
    return {
      lost: [...made].filter((tag) => !deleted.has(tag) && !counts.has(tag)),
      doubled: [...counts].filter(([, count]) => count > 1).map(([tag]) => tag),
      different: found.flatMap(({ different }) => different),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#phones.map((phone) => phone[Symbol.asyncDispose]()));
  }

  get #phones(): Phone[] {
    return this.users.flatMap(({ phones }) => phones);
  }

  /** The user at a browser: makes contacts in the groupware while the phones are at work. */
  async #browse({ ox, folder }: User, phones: Promise<unknown>): Promise<void> {
    const state = { isDone: false };
    const done = phones.finally(() => (state.isDone = true));
    while (!state.isDone) {
      const tag = `browser-${++this.#made}`;
      this.record.made.add(tag);
      await ox.call('contacts', 'new', {}, { folder_id: folder, first_name: 'browser', last_name: tag });
      const next = this.record.answered + (0.5 + this.random()) * this.size;
      await Promise.race([this.record.until(() => this.record.answered > next), done]);
    }
  }

  async #compare({ ox, folder, phones }: User): Promise<{ tags: string[]; different: string[] }> {
    const { data } = await ox.call('contacts', 'all', { folder, columns: '502,501' });
    const rows = data as [string | null, string | null][];
    const stored = rows.map(([last, first]) => `${last ?? ''} / ${first ?? ''}`).sort();
    const different = phones.flatMap((phone) => {
      const shown = phone.contacts.sort();
      return shown.join('\n') === stored.join('\n') ? [] : [`${phone.id}: ${differenceOf(shown, stored)}`];
    });
    return { tags: rows.map(([last]) => last ?? ''), different };
  }
}

function differenceOf(shown: readonly string[], stored: readonly string[]): string {
  const more = shown.filter((one) => !stored.includes(one));
  const less = stored.filter((one) => !shown.includes(one));
  return `shows ${more.join(', ') || 'nothing else'}; lacks ${less.join(', ') || 'nothing'}`;
}
