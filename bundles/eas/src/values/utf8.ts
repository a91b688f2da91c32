/** The first bytes of a text, at most `limit`, whole characters only. */
export function truncateUtf8(text: string, limit: number): string {
  // No character is longer than three bytes per UTF-16 unit: most texts need no look at the bytes.
  if (text.length * 3 <= limit) return text;
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length <= limit ? text : bytes.toString('utf8', 0, characterBorder(bytes, limit));
}

/** Size in UTF-8. */
export function utf8Size(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** The last place at or before `limit` at which no character is cut. */
function characterBorder(bytes: Uint8Array, limit: number): number {
  let end = Math.max(0, limit);
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}

/** Bytes at the end that are the beginning of a character. */
export function cutCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
