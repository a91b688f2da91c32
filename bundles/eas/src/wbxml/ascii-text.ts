const from = String.fromCharCode;

/** Up to this many bytes {@link shortAsciiText} takes. */
export const longestAsciiText = 16;

/**
 * The text of a few ASCII bytes. One call with so many arguments takes less than half the time of a call into Node, and
 * most values of a document are that short.
 */
export function shortAsciiText(bytes: Uint8Array, start: number, length: number): string {
  const at = (index: number) => bytes[start + index] as number;
  // prettier-ignore
  switch (length) {
    case 0: return '';
    case 1: return from(at(0));
    case 2: return from(at(0), at(1));
    case 3: return from(at(0), at(1), at(2));
    case 4: return from(at(0), at(1), at(2), at(3));
    case 5: return from(at(0), at(1), at(2), at(3), at(4));
    case 6: return from(at(0), at(1), at(2), at(3), at(4), at(5));
    case 7: return from(at(0), at(1), at(2), at(3), at(4), at(5), at(6));
    case 8: return from(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7));
    case 9: return from(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8));
    case 10: return from(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9));
    case 11: return from(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), at(10));
    case 12: return from(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), at(10), at(11));
    case 13: return from(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), at(10), at(11), at(12));
    case 14: return from(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), at(10), at(11), at(12), at(13));
    case 15: return from(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), at(10), at(11), at(12), at(13), at(14));
    default: return from(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), at(10), at(11), at(12), at(13), at(14), at(15));
  }
}
