import { hashPassword } from '../session/password';
import type { Database } from './database';

export interface User {
  readonly id: number;
  readonly login: string;
  /** Primary address. */
  readonly mail: string;
  /** All addresses, the primary one among them. */
  readonly aliases: readonly string[];
  readonly displayName: string;
  readonly locale: string;
  readonly timezone: string;
  /** The entry in the global address book. */
  readonly contact: number;
  readonly active: boolean;
  readonly lastModified: number;
}

export interface NewUser {
  /** What the user logs in with. */
  readonly login: string;
  readonly password: string;
  readonly mail: string;
  readonly aliases?: readonly string[];
  readonly displayName: string;
  readonly locale?: string;
  readonly timezone?: string;
}

interface UserRow {
  id: number;
  login: string;
  password: string;
  active: number;
  mail: string;
  aliases: string;
  display_name: string;
  locale: string;
  timezone: string;
  contact: number | null;
  last_modified: number;
}

/** The users of a context. Id 2 is the context's administrator, users begin at 3. */
export class Users {
  readonly #cache = new Map<number, User>();

  constructor(private readonly db: Database) {}

  all(): User[] {
    return this.db.values<number>('SELECT id FROM user ORDER BY id').flatMap((id) => this.get(id) ?? []);
  }

  get(id: number): User | undefined {
    let user = this.#cache.get(id);
    if (!user) {
      const row = this.db.row<UserRow>('SELECT * FROM user WHERE id = ?', id);
      if (row) this.#cache.set(id, (user = fromRow(row)));
    }
    return user;
  }

  /** The user whose login name is this before its domain. */
  byLocalPart(name: string): User | undefined {
    const id = this.db.value<number>(
      "SELECT id FROM user WHERE instr(login, '@') > 1 AND substr(login, 1, instr(login, '@') - 1) = ? ORDER BY id",
      name,
    );
    return id === undefined ? undefined : this.get(id);
  }

  byLogin(login: string): User | undefined {
    const id = this.db.value<number>(
      'SELECT id FROM user WHERE login = ? OR mail = ? ORDER BY login = ? DESC',
      login,
      login,
      login,
    );
    return id === undefined ? undefined : this.get(id);
  }

  byAddress(address: string): User | undefined {
    const id = this.db.value<number>(
      `SELECT id FROM user WHERE mail = ? OR EXISTS (SELECT 1 FROM json_each(aliases) WHERE lower(value) = lower(?))`,
      ...[address, address],
    );
    return id === undefined ? undefined : this.get(id);
  }

  passwordHash(id: number): string {
    return this.db.value<string>('SELECT password FROM user WHERE id = ?', id) ?? '';
  }

  async add(user: NewUser): Promise<User> {
    const password = await hashPassword(user.password);
    const id = Math.max(3, (this.db.value<number>('SELECT max(id) FROM user') ?? 2) + 1);
    const aliases = [...new Set([user.mail, ...(user.aliases ?? [])])];
    const stamp = this.db.stamp();
    this.db.run(
      `INSERT INTO user (id, login, password, active, mail, aliases, display_name, locale, timezone, created,
       last_modified) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, user.login, password, user.mail, JSON.stringify(aliases), user.displayName],
      ...[user.locale ?? 'en_US', user.timezone ?? 'Europe/Berlin', stamp, stamp],
    );
    return this.get(id) as User;
  }

  update(
    id: number,
    changes: Partial<{ timezone: string; locale: string; display_name: string; contact: number; password: string }>,
  ): void {
    for (const [column, value] of Object.entries(changes))
      this.db.run(`UPDATE user SET "${column}" = ?, last_modified = ? WHERE id = ?`, value, this.db.stamp(), id);
    this.#cache.delete(id);
  }

  setting<T>(user: number, name: string): T | undefined {
    const value = this.db.value<string>('SELECT value FROM user_setting WHERE user = ? AND name = ?', user, name);
    return value === undefined ? undefined : (JSON.parse(value) as T);
  }

  setSetting(user: number, name: string, value: unknown): void {
    this.db.run('INSERT OR REPLACE INTO user_setting VALUES (?, ?, ?)', user, name, JSON.stringify(value));
  }

  settings(user: number, prefix: string): { name: string; value: string }[] {
    return this.db.rows(
      'SELECT name, value FROM user_setting WHERE user = ? AND substr(name, 1, ?) = ? ORDER BY name',
      user,
      prefix.length,
      prefix,
    );
  }
}

function fromRow(row: UserRow): User {
  return {
    id: row.id,
    login: row.login,
    mail: row.mail,
    aliases: JSON.parse(row.aliases) as string[],
    displayName: row.display_name,
    locale: row.locale,
    timezone: row.timezone,
    contact: row.contact ?? 0,
    active: row.active === 1,
    lastModified: row.last_modified,
  };
}
