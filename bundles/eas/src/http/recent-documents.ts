import { LRUCache } from 'lru-cache';
import type { CommandDescriptor } from '../protocol/command';
import { MemoryBytes } from '../wbxml';
import type { ReceivedBody } from './received-body';
import { readRequest } from './request-document';

/** Requests that are kept, and the longest of them in bytes. */
const kept = 2000;
const longest = 1024;

interface Recent {
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
  readonly document: unknown;
}

/**
 * The last small request of each device and command. A device that is told of nothing new asks with the same bytes again: what they
 * mean need not be read again, and what was worked out of it may be kept beside it.
 */
export class RecentDocuments {
  readonly #recent = new LRUCache<string, Recent>({ max: kept });

  /** @throws as {@link readRequest} */
  read(device: string, descriptor: CommandDescriptor, body: ReceivedBody, contentType: string | undefined): unknown {
    const { length } = body.bytes;
    if (length === 0 || length > longest) return readRequest(descriptor, body, contentType);
    const key = `${descriptor.name} ${device}`;
    const known = this.#recent.get(key);
    const { bytes } = body.document;
    if (known && known.contentType === contentType && Buffer.compare(known.body, bytes) === 0) return known.document;
    // The bytes as they came are part of a larger block, which would be kept with them.
    const copy = Uint8Array.from(bytes);
    const document = readRequest(descriptor, { bytes: new MemoryBytes(copy), document: { bytes: copy } }, contentType);
    this.#recent.set(key, { body: copy, contentType, document });
    return document;
  }
}
