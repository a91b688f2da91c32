import type { Database } from './database';

export interface Group {
  readonly id: number;
  readonly name: string;
  readonly display_name: string;
  readonly members: readonly number[];
  readonly last_modified_utc: number;
}

interface GroupRow {
  id: number;
  name: string;
  display_name: string;
  members: string;
  last_modified: number;
}

/** Id of the group that everybody is in. */
export const allUsers = 0;

/** The groups of a context. Group 0 has all users, whoever they are. */
export class Groups {
  constructor(private readonly db: Database) {}

  all(): Group[] {
    return this.db.rows<GroupRow>('SELECT * FROM user_group ORDER BY id').map((row) => this.#fromRow(row));
  }

  get(id: number): Group | undefined {
    const row = this.db.row<GroupRow>('SELECT * FROM user_group WHERE id = ?', id);
    return row && this.#fromRow(row);
  }

  /** Ids of the groups that the user is in. */
  of(user: number): number[] {
    return this.db.values<number>(
      'SELECT id FROM user_group WHERE id = 0 OR EXISTS (SELECT 1 FROM json_each(members) WHERE value = ?)',
      user,
    );
  }

  /** Creates the group, or replaces the one with this id. */
  save(group: { id?: number; name: string; display_name: string; members: readonly number[] }): Group {
    const id = group.id ?? Math.max(2, this.db.value<number>('SELECT max(id) FROM user_group') ?? 0) + 1;
    const stamp = this.db.stamp();
    this.db.run(
      'INSERT OR REPLACE INTO user_group VALUES (?, ?, ?, ?, ?)',
      ...[id, group.name, group.display_name, JSON.stringify(group.members), stamp],
    );
    this.db.run(`DELETE FROM tombstone WHERE module = 'group' AND id = ?`, id);
    return this.get(id) as Group;
  }

  delete(id: number): void {
    this.db.run('DELETE FROM user_group WHERE id = ?', id);
    this.db.run(`INSERT OR REPLACE INTO tombstone VALUES ('group', 0, ?, ?)`, id, this.db.stamp());
  }

  #fromRow(row: GroupRow): Group {
    const members =
      row.id === allUsers
        ? this.db.values<number>('SELECT id FROM user ORDER BY id')
        : (JSON.parse(row.members) as number[]);
    return {
      id: row.id,
      name: row.name,
      display_name: row.display_name,
      members,
      last_modified_utc: row.last_modified,
    };
  }
}
