import { compile } from 'html-to-text';

/** Deeper nesting than any mail program makes would exhaust the stack. */
const maxDepth = 200;

const toText = compile({
  wordwrap: false,
  limits: { maxDepth },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
    { selector: 'img', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

const toPreview = compile({
  wordwrap: false,
  limits: { maxDepth, maxInputLength: 65_536 },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

/** Plain text of HTML. */
export function htmlToText(html: string): string {
  return toText(html);
}

/** The words that a list shows below the subject: no links, no pictures, no line ends. At most `length` characters. */
export function preview({ format, content }: { format: 'text' | 'html'; content: string }, length: number): string {
  const text = format === 'html' ? toPreview(content) : content.slice(0, 65_536);
  const words = text
    .replace(/https?:\/\/\S+/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words.length <= length ? words : words.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** HTML that shows a plain text as it was written: its lines, and its runs of spaces. */
export function textToHtml(text: string): string {
  const lines = text
    .replace(/[&<>"]/g, (character) => entities[character] ?? character)
    .replace(/\t/g, '    ')
    .replace(/^ | (?= )/gm, '&nbsp;')
    .split(/\r\n|\r|\n/);
  return `<html><body>${lines.join('<br>\r\n')}</body></html>`;
}
