/** What {@link readMultiByteInteger} returns for more than 32 bits. */
export const integerOverflow = -1;
/** What {@link readMultiByteInteger} returns when the input ends too early. */
export const integerTruncated = -2;

/** `mb_u_int32`: seven bits a byte, most significant first, bit 0x80 set in all but the last. At most five bytes. */
export function readMultiByteInteger(bytes: Uint8Array, offset: number): number {
  let value = 0;
  for (let position = offset; position < offset + 5; position++) {
    const byte = bytes[position];
    if (byte === undefined) return integerTruncated;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return value > 0xffffffff ? integerOverflow : value;
  }
  return integerOverflow;
}

/** Offset of the byte after an integer that {@link readMultiByteInteger} has read. */
export function skipMultiByteInteger(bytes: Uint8Array, offset: number): number {
  let position = offset;
  while ((bytes[position++] ?? 0) >= 0x80);
  return position;
}

/** The bytes of a value up to 32 bits, in their order. */
export function multiByteInteger(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}
