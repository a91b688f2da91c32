import iconv from 'iconv-lite';
import type { Lose } from './report';

/**
 * The text of a file that should be UTF-8. A byte order mark says otherwise; what is no UTF-8 at all was written by a
 * program of the last century, as Windows has it. Line ends of old Macs are made today's.
 */
export function readText(data: Buffer, lose: Lose): string {
  return decode(data, lose)
    .replace(/^\uFEFF/, '')
    .replace(/\r(?!\n)/g, '\r\n');
}

function decode(data: Buffer, lose: Lose): string {
  if (data[0] === 0xff && data[1] === 0xfe) return iconv.decode(data, 'utf-16le');
  if (data[0] === 0xfe && data[1] === 0xff) return iconv.decode(data, 'utf-16be');
  // A character may be folded in its middle: what is put together again is UTF-8.
  const unfolded = Buffer.from(data.toString('latin1').replace(/\r?\n[ \t]/g, ''), 'latin1');
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(unfolded);
    return unfolded.toString('utf8');
  } catch {
    if (!data.includes(0)) lose('charset', 'is not UTF-8, read as windows-1252');
    return iconv.decode(data, 'windows-1252');
  }
}
