import type { ParsedMessage, Part } from '../mail/message';
import type { Database } from './database';

/** Bytes of a source in one row: a large message is read and sent in pieces. */
const chunkSize = 256 * 1024;

/** Messages without a place: what was parsed when they came in, and their source. Kept while a mail refers to them. */
export class Messages {
  constructor(private readonly db: Database) {}

  /** @returns the id */
  insert(message: ParsedMessage, source: Buffer): number {
    const { lastInsertRowid } = this.db.run(
      `INSERT INTO message (size, subject, sent_date, "from", "to", cc, bcc, priority, attachment, content_type,
       disp_notification_to, message_id, thread, header_size, structure, headers, text)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[source.length, message.subject, message.sentDate, JSON.stringify(message.from), JSON.stringify(message.to)],
      ...[JSON.stringify(message.cc), JSON.stringify(message.bcc), message.priority, message.attachment ? 1 : 0],
      ...[message.contentType, message.dispositionTo, message.messageId, message.thread],
      ...[message.headerSize, JSON.stringify(message.root), JSON.stringify(message.headers), message.text],
    );
    const id = Number(lastInsertRowid);
    for (let seq = 0; seq * chunkSize < source.length; seq++)
      this.db.run(
        'INSERT INTO message_source VALUES (?, ?, ?)',
        id,
        seq,
        source.subarray(seq * chunkSize, (seq + 1) * chunkSize),
      );
    return id;
  }

  structure(id: number): Part {
    return JSON.parse(this.db.value<string>('SELECT structure FROM message WHERE id = ?', id) as string) as Part;
  }

  /** Bytes of the source. */
  size(id: number): number {
    return this.db.value<number>('SELECT size FROM message WHERE id = ?', id) ?? 0;
  }

  /** Bytes before the body. */
  headerSize(id: number): number {
    return this.db.value<number>('SELECT header_size FROM message WHERE id = ?', id) ?? 0;
  }

  /** Bytes of the source from `start` to before `end`. */
  read(id: number, start: number, end: number): Buffer {
    return Buffer.concat([...this.stream(id, start, end)]);
  }

  /** The same in pieces, each fetched when it is asked for. */
  *stream(id: number, start: number, end: number): Generator<Buffer> {
    for (let position = start; position < end;) {
      const seq = Math.floor(position / chunkSize);
      const chunk = this.db.value<Buffer>('SELECT chunk FROM message_source WHERE message = ? AND seq = ?', id, seq);
      if (!chunk) return;
      yield chunk.subarray(position - seq * chunkSize, end - seq * chunkSize);
      position = (seq + 1) * chunkSize;
    }
  }
}
