/** Name or null, and address: how the wire carries addresses. */
export type Address = readonly [string | null, string];

/** A MIME entity of a message, with where its body lies in the source. */
export interface Part {
  /** IMAP-like: `1`, `2`, `2.1`. RFC 3501, "FETCH Command", section specification. Empty for a multipart root. */
  readonly id: string;
  /** `text/plain`, in lower case. */
  readonly type: string;
  readonly charset?: string;
  /** Content-Transfer-Encoding in lower case. */
  readonly encoding?: string;
  readonly filename?: string;
  readonly disposition?: string;
  /** Content-ID without angle brackets. */
  readonly cid?: string;
  readonly flowed?: boolean;
  readonly delSp?: boolean;
  /** `method` parameter of text/calendar. */
  readonly method?: string;
  /** Offsets of the body in the source: first byte, and the one after the last. */
  readonly start: number;
  readonly end: number;
  /** Bytes without the transfer encoding. */
  readonly size: number;
  readonly parts?: readonly Part[];
  /** What a message/rfc822 part holds; its offsets count from the part's start. */
  readonly message?: ParsedMessage;
}

/** What is known of a message without reading its source again. */
export interface ParsedMessage {
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly subject: string | null;
  /** Date header, UTC milliseconds. */
  readonly sentDate: number | null;
  /** X-Priority: 1 highest, 5 lowest, 3 without the header. */
  readonly priority: number;
  readonly contentType: string;
  readonly attachment: boolean;
  readonly dispositionTo: string | null;
  readonly messageId: string | null;
  /** Message-ID of the first message of the conversation. */
  readonly thread: string | null;
  /** The readable text in one line, as far as it is searched. */
  readonly text: string | null;
  /** Bytes before the body. */
  readonly headerSize: number;
  readonly root: Part;
  /** Decoded header values by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** All entities that are no multiparts, in order. */
export function* leaves(part: Part): Generator<Part> {
  if (!part.parts) yield part;
  else for (const child of part.parts) yield* leaves(child);
}

/**
 * The leaf with this part id; the parts of a message inside the message have its part's id in front. Offsets of what
 * is found count from the source's beginning.
 */
export function findPart(root: Part, matches: (part: Part, id: string) => boolean, prefix = ''): Part | undefined {
  for (const part of leaves(root)) {
    const id = prefix + part.id;
    if (matches(part, id)) return part;
    const nested = part.message && findPart(part.message.root, matches, `${id}.`);
    if (nested) return { ...nested, start: nested.start + part.start, end: nested.end + part.start };
  }
  return undefined;
}

/** True for a part that a reader shows as a file beside the text. */
export function isAttachment(part: Part): boolean {
  if (part.disposition === 'attachment' || part.type === 'message/rfc822') return true;
  if (part.type.startsWith('text/') && part.filename === undefined) return false;
  return !(part.cid !== undefined && part.type.startsWith('image/'));
}
