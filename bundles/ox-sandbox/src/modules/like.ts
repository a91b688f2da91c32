/** A pattern with `*` and `?` as LIKE wants it, with `\` as the escape character. */
export function wildcards(pattern: string): string {
  return pattern
    .replace(/[\\%_]/g, '\\$&')
    .replace(/\*/g, '%')
    .replace(/\?/g, '_');
}

/** The same; a pattern without wildcards matches anywhere in the text. */
export function like(pattern: string): string {
  return /[*?]/.test(pattern) ? wildcards(pattern) : `%${wildcards(pattern)}%`;
}

/** The same for the beginning of the text. */
export function startsLike(pattern: string): string {
  return `${wildcards(pattern)}%`;
}
