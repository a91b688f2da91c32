import type { RawAnswer } from '../../protocol/command';
import { type Bytes, type Element, encodeLarge, JoinedBytes, MemoryBytes } from '../../wbxml';

/**
 * Contents of an answer: in place as a rule, or, when the device accepts it, as parts of their own behind the document.
 * [MS-ASCMD] "Delivery of Content Requested by Fetch".
 */
export class Parts {
  readonly #parts: Bytes[] = [];

  constructor(readonly accepted: boolean) {}

  /** Takes a content and returns its number, from 1: part 0 is the document. */
  add(content: Bytes): number {
    return this.#parts.push(content);
  }

  /** The document with its parts. All integers are little-endian: count, then offset and length of each part. */
  answer(document: Element): RawAnswer {
    const parts = [encodeLarge(document), ...this.#parts];
    const header = Buffer.alloc(4 + 8 * parts.length);
    header.writeUInt32LE(parts.length, 0);
    let offset = header.length;
    parts.forEach((part, index) => {
      header.writeUInt32LE(offset, 4 + 8 * index);
      header.writeUInt32LE(part.length, 8 + 8 * index);
      offset += part.length;
    });
    return {
      contentType: 'application/vnd.ms-sync.multipart',
      body: new JoinedBytes([new MemoryBytes(header), ...parts]),
      document,
    };
  }
}
