import { decompressRTF } from '@kenjiuno/decompressrtf';

/** Limit of what a device may send, compressed; unpacked it is at most some eight times as much. */
const maxCompressed = 1_000_000;

/**
 * Plain text of compressed RTF (LZFu) in base64, which devices of the time of version 2.5 send as notes. The server
 * itself never writes RTF.
 *
 * @returns undefined when it cannot be read
 */
export function textOfCompressedRtf(base64: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 16 || bytes.length > maxCompressed) return undefined;
  try {
    return textOfRtf(Buffer.from(decompressRTF([...bytes])).toString('latin1'));
  } catch {
    // The library throws plain errors for whatever it does not like; to the caller it is all the same.
    return undefined;
  }
}

/** Destinations whose text is not the document's. [RTF 1.9] "Destinations". */
const hiddenDestinations: ReadonlySet<string> = new Set([
  ...['fonttbl', 'colortbl', 'stylesheet', 'info', 'pict', 'object', 'header', 'footer', 'listtable'],
]);

const symbols: Readonly<Record<string, string>> = {
  ...{ par: '\n', line: '\n', sect: '\n', page: '\n', row: '\n', tab: '\t', cell: '\t' },
  ...{ emdash: '—', endash: '–', lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”', bullet: '•' },
};

// A control word with its number, a byte in hexadecimal, a control symbol, a brace, or text.
const token = /\\([a-z]+)(-?\d+)? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+/gi;

/** The text of an RTF document, without its looks. */
export function textOfRtf(rtf: string): string {
  let text = '';
  let state = { hidden: false, unicodeSkip: 1 };
  let skip = 0;
  const outer: (typeof state)[] = [];
  const add = (more: string): void => {
    const skipped = Math.min(skip, more.length);
    skip -= skipped;
    if (!state.hidden) text += more.slice(skipped);
  };

  for (const [, word, number, hex, symbol, brace, plain] of rtf.matchAll(token)) {
    if (brace === '{') outer.push({ ...state });
    else if (brace === '}') state = outer.pop() ?? state;
    else if (plain !== undefined) add(plain);
    else if (hex !== undefined) add(windows1252(parseInt(hex, 16)));
    else if (symbol !== undefined) {
      if (symbol === '*') state.hidden = true;
      else add(symbol === '~' ? '\u00a0' : symbol === '\n' || symbol === '\r' ? '\n' : symbol);
    } else if (word === 'u' && number !== undefined) {
      add(String.fromCharCode((Number(number) + 0x10000) & 0xffff));
      skip = state.unicodeSkip;
    } else if (word === 'uc') state.unicodeSkip = Number(number ?? 1);
    else if (word !== undefined && hiddenDestinations.has(word)) state.hidden = true;
    else if (word !== undefined && symbols[word] !== undefined) add(symbols[word]);
  }
  return text.replace(/\0/g, '').trimEnd();
}

/** What windows-1252 has from 0x80 to 0x9f, where Latin-1 has control characters. */
const from0x80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function windows1252(byte: number): string {
  return from0x80[byte - 0x80] ?? String.fromCharCode(byte);
}
