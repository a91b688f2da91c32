import { compile } from 'html-to-text';

/** Deeper nesting than any mail program makes would exhaust the stack. */
const maxDepth = 200;

/** Pictures say nothing as text; headings are as loud as they were written. */
const looks = [
  { selector: 'img', format: 'skip' },
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
];

const toText = compile({
  wordwrap: false,
  limits: { maxDepth },
  selectors: [{ selector: 'a', options: { hideLinkHrefIfSameAsText: true } }, ...looks],
});

const toPreview = compile({
  wordwrap: false,
  limits: { maxDepth },
  selectors: [{ selector: 'a', options: { ignoreHref: true } }, ...looks],
});

/** Plain text of HTML. */
export function htmlToText(html: string): string {
  return isBottomless(html) ? withoutTags(html) : toText(html);
}

/** The words that a list shows below the subject: no links, no pictures, no line ends. At most `length` characters. */
export function preview({ format, content }: { format: 'text' | 'html'; content: string }, length: number): string {
  const beginning = content.slice(0, 65_536);
  const text = format === 'html' ? toPreview(beginning) : beginning;
  const words = text
    .replace(/https?:\/\/\S+/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words.length <= length ? words : words.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** More elements open at once than this, and the time that parsing takes grows with the square of them. */
const mostOpen = 20_000;

function isBottomless(html: string): boolean {
  let open = 0;
  for (let at = html.indexOf('<'); at !== -1 && open <= mostOpen; at = html.indexOf('<', at + 1)) {
    open += html[at + 1] === '/' ? -1 : 1;
  }
  return open > mostOpen;
}

/** For what nobody wrote for people to read. */
function withoutTags(html: string): string {
  return html.replace(/<[^<>]{0,1000}>/g, ' ').trim();
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
