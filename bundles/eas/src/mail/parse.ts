import { Readable } from 'node:stream';
import type { ByteStream } from '@oxtender/bundle-api';
import { type AttachmentStream, MailParser, type MessageText } from 'mailparser';
import type { Contents } from '../content/contents';
import type { StoredBytes } from '../wbxml';

/** A file of a mail. */
export interface ParsedFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: StoredBytes;
  readonly contentId?: string;
}

/** What a mail says, and its files. */
export interface ParsedMail {
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly files: readonly ParsedFile[];
}

/** Reads a mail as it comes; its files are kept with the other contents of the request. */
export async function parseMail(source: ByteStream, contents: Contents): Promise<ParsedMail> {
  const parser = new MailParser({ skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  const files: ParsedFile[] = [];
  let text: string | undefined;
  let html: string | undefined;
  const input = Readable.from(source, { objectMode: false });
  input.once('error', (error) => parser.destroy(error));
  input.pipe(parser);
  for await (const part of parser as AsyncIterable<AttachmentStream | MessageText>) {
    if (part.type === 'text') {
      // A mail of HTML alone says nothing in its text.
      text = part.text || undefined;
      html = part.html || undefined;
      continue;
    }
    const content = await contents.store(part.content);
    part.release?.();
    const { filename, contentType, cid } = part;
    files.push({ fileName: filename ?? 'attachment', contentType, content, ...(cid ? { contentId: cid } : {}) });
  }
  return { text, html, files };
}
