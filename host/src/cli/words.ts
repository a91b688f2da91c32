/**
 * Splits a line as a shell does: blanks separate, quotes and backslashes hold together.
 *
 * @param options - `open`: the last word is still being typed, so blanks at the end begin an empty one
 */
export function splitWords(line: string, options: { open?: boolean } = {}): string[] {
  const words: string[] = [];
  const pattern = /\s*((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"?|'[^']*'?)+)/gy;
  let end = 0;
  for (let match = pattern.exec(line); match; match = pattern.exec(line)) {
    words.push(unquote(match[1] ?? ''));
    end = pattern.lastIndex;
  }
  if (options.open && (line.length > end || words.length === 0)) words.push('');
  return words;
}

function unquote(word: string): string {
  return word.replace(
    /"((?:[^"\\]|\\.)*)"?|'([^']*)'?|\\(.)/g,
    (_match, double?: string, single?: string, escaped?: string) =>
      double !== undefined ? double.replace(/\\(["\\])/g, '$1') : (single ?? escaped ?? ''),
  );
}
