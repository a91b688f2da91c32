import type { Database } from './database';

export interface Resource {
  readonly id: number;
  readonly name: string;
  readonly display_name: string;
  readonly mailaddress: string | null;
  readonly description: string | null;
  readonly availability: boolean;
  readonly last_modified: number;
}

type ResourceRow = Omit<Resource, 'availability'> & { availability: number };

/** Rooms and equipment of a context. */
export class Resources {
  constructor(private readonly db: Database) {}

  all(): Resource[] {
    return this.db.rows<ResourceRow>('SELECT * FROM resource ORDER BY id').map(fromRow);
  }

  get(id: number): Resource | undefined {
    const row = this.db.row<ResourceRow>('SELECT * FROM resource WHERE id = ?', id);
    return row && fromRow(row);
  }

  /** Creates the resource, or replaces the one with this id. */
  save(resource: Partial<Omit<Resource, 'last_modified'>> & { name: string; display_name: string }): Resource {
    const id = resource.id ?? (this.db.value<number>('SELECT max(id) FROM resource') ?? 0) + 1;
    this.db.run(
      `INSERT OR REPLACE INTO resource (id, name, display_name, mailaddress, description, availability, last_modified)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ...[id, resource.name, resource.display_name, resource.mailaddress ?? null, resource.description ?? null],
      ...[resource.availability === false ? 0 : 1, this.db.stamp()],
    );
    this.db.run(`DELETE FROM tombstone WHERE module = 'resource' AND id = ?`, id);
    return this.get(id) as Resource;
  }

  delete(id: number): void {
    this.db.run('DELETE FROM resource WHERE id = ?', id);
    this.db.run(`INSERT OR REPLACE INTO tombstone VALUES ('resource', 0, ?, ?)`, id, this.db.stamp());
  }
}

function fromRow(row: ResourceRow): Resource {
  return { ...row, availability: row.availability === 1 };
}
