import type { Database } from './database';

/** A file attached to a contact, an appointment or a task. OX HTTP API, "Attachment object". */
export interface Attachment {
  readonly id: number;
  /** 1 appointment, 4 task, 7 contact. */
  readonly module: number;
  readonly attached: number;
  readonly filename: string;
  readonly file_mimetype: string;
  readonly file_size: number;
  readonly rtf_flag: number;
  readonly created_by: number;
  readonly creation_date: number;
  readonly last_modified: number;
}

const columns =
  'id, module, attached, filename, file_mimetype, file_size, rtf_flag, created_by, creation_date, last_modified';

/** Files attached to objects. */
export class Attachments {
  constructor(private readonly db: Database) {}

  of(module: number, attached: number): Attachment[] {
    return this.db.rows<Attachment>(
      `SELECT ${columns} FROM attachment WHERE module = ? AND attached = ? ORDER BY id`,
      module,
      attached,
    );
  }

  get(module: number, attached: number, id: number): Attachment | undefined {
    return this.db.row<Attachment>(
      `SELECT ${columns} FROM attachment WHERE module = ? AND attached = ? AND id = ?`,
      ...[module, attached, id],
    );
  }

  data(id: number): Buffer {
    return this.db.value<Buffer>('SELECT data FROM attachment WHERE id = ?', id) ?? Buffer.alloc(0);
  }

  add(
    file: { module: number; attached: number; filename: string; type: string; data: Buffer },
    user: number,
  ): Attachment {
    const stamp = this.db.stamp();
    const { lastInsertRowid } = this.db.run(
      `INSERT INTO attachment (module, attached, filename, file_mimetype, file_size, rtf_flag, created_by,
       creation_date, last_modified, data) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`,
      ...[file.module, file.attached, file.filename, file.type, file.data.length, user, stamp, stamp, file.data],
    );
    return this.get(file.module, file.attached, Number(lastInsertRowid)) as Attachment;
  }

  delete(id: number): void {
    this.db.run('DELETE FROM attachment WHERE id = ?', id);
  }

  /** Gives another object the same files. */
  copy(module: number, from: number, to: number): void {
    this.db.run(
      `INSERT INTO attachment (module, attached, filename, file_mimetype, file_size, rtf_flag, created_by,
       creation_date, last_modified, data)
       SELECT module, ?, filename, file_mimetype, file_size, rtf_flag, created_by, creation_date, last_modified, data
       FROM attachment WHERE module = ? AND attached = ?`,
      ...[to, module, from],
    );
  }
}
