/** Node's own slices. `toString` comes to the same but checks its arguments, which costs as much as the decoding. */
interface TextSlices {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
}

/** Most values are short. Up to this length looking at each byte is faster than the calls that do it for long ones. */
const shortLength = 32;

const asciiCharacters = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code));

/** Offset of the NUL that ends the string at `start`; -1 when there is none. */
export function endOfString(bytes: Buffer, start: number): number {
  const last = Math.min(start + shortLength, bytes.length);
  for (let position = start; position < last; position++) if (bytes[position] === 0) return position;
  return bytes.indexOf(0, last);
}

/** Decodes text. What is not valid in the encoding becomes U+FFFD. */
export function decodeText(bytes: Buffer, start: number, end: number, encoding: 'utf8' | 'latin1'): string {
  if (end - start === 1) return asciiCharacters[bytes[start] as number] ?? bytes.toString(encoding, start, end);
  const slices = bytes as unknown as TextSlices;
  return encoding === 'latin1' || isShortAscii(bytes, start, end)
    ? slices.latin1Slice(start, end)
    : slices.utf8Slice(start, end);
}

function isShortAscii(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > shortLength) return false;
  let bits = 0;
  for (let position = start; position < end; position++) bits |= bytes[position] as number;
  return bits < 0x80;
}
