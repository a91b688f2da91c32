import type { Mailbox } from '@oxtender/bundle-api';
import { htmlToText } from '../values/html';
import type { Original } from './original';

/** What a reply or forward says in both forms. */
export interface QuotedBodies {
  readonly text: string;
  readonly html: string | undefined;
}

/** The two forms of what the user wrote. */
export interface WrittenBodies {
  readonly text: string | undefined;
  readonly html: string | undefined;
}

/** What the user wrote, and below it the original under a head that tells whose it is. */
export function quoteOriginal(written: WrittenBodies, original: Original): QuotedBodies {
  const originalHtml = original.bodies?.find(({ format }) => format === 'html')?.content;
  const originalText =
    original.bodies?.find(({ format }) => format === 'text')?.content ?? htmlToText(originalHtml ?? '');
  const head = headLines(original);
  const textHead = head.map(([name, value]) => `${name}: ${value}`).join('\r\n');
  const writtenText = written.text ?? htmlToText(written.html ?? '');
  const text = `${writtenText}\r\n\r\n-----\r\n${textHead}\r\n\r\n${originalText}`;
  if (written.html === undefined && originalHtml === undefined) return { text, html: undefined };
  const htmlHead = head.map(([name, value]) => `<b>${name}:</b> ${escapeHtml(value)}`).join('<br>');
  const writtenHtml = written.html ?? textToHtml(writtenText);
  const html = insertBeforeEnd(writtenHtml, `<hr><p>${htmlHead}</p>${originalHtml ?? textToHtml(originalText)}`);
  return { text, html };
}

/** Names as in the header: no language is known for certain. */
function headLines(original: Original): [string, string][] {
  const date = original.sentAt ?? original.receivedAt;
  const lines: [string, string | undefined][] = [
    ['From', addressList(original.from)],
    ['Date', date === undefined ? undefined : new Date(date).toUTCString()],
    ['To', addressList(original.to)],
    ['Cc', addressList(original.cc)],
    ['Subject', original.subject],
  ];
  return lines.filter((line): line is [string, string] => Boolean(line[1]));
}

function addressList(list: readonly Mailbox[] | undefined): string | undefined {
  return list?.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ');
}

export function textToHtml(text: string): string {
  return `<div style="white-space: pre-wrap">${escapeHtml(text)}</div>`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Both documents in one body, as mail programs show it: the original goes before the end of the written document. */
export function insertBeforeEnd(html: string, addition: string): string {
  const end = html.search(/<\/body\s*>/i);
  return end < 0 ? html + addition : html.slice(0, end) + addition + html.slice(end);
}
