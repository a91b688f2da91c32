/** Header block and body of a message. */
export interface SplitMessage {
  readonly head: string;
  readonly body: Buffer;
}

export function splitMessage(source: Uint8Array): SplitMessage {
  const bytes = Buffer.from(source);
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return { head: bytes.toString('latin1'), body: Buffer.alloc(0) };
  return { head: bytes.subarray(0, end + 2).toString('latin1'), body: bytes.subarray(end + 4) };
}

/** The fields of a header block, each with its continuation lines, in order. */
export function fieldsOf(head: string): string[] {
  return head.split(/\r\n(?![ \t])/).filter((line) => line !== '');
}

const addressing = /^(?:from|to|cc|bcc|sender|reply-to|message-id|date|return-path|received|dkim-signature)\s*:/i;

/** The message as if this person had written it. */
export function writtenBy(
  from: string,
  to: readonly string[],
  source: Uint8Array,
  { id = crypto.randomUUID(), bcc }: { id?: string; bcc?: string } = {},
): Buffer {
  const { head, body } = splitMessage(source);
  const kept = fieldsOf(head).filter((field) => !addressing.test(field) && /^[\x21-\x39\x3b-\x7e]+[ \t]*:/.test(field));
  const fields = [
    `From: ${from}`,
    `To: ${to.join(',\r\n ')}`,
    ...(bcc === undefined ? [] : [`Bcc: ${bcc}`]),
    'Date: Mon, 23 Nov 2026 10:00:00 +0100',
    `Message-ID: <${id}@phone.test>`,
    ...kept,
  ];
  return Buffer.concat([Buffer.from(`${fields.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
