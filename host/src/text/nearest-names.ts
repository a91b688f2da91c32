/** What is less alike is another name. */
const least = 0.6;

/** The names that somebody may have meant, nearest first: one holds the other, or most of both is the same. */
export function nearestNames(name: string, candidates: Iterable<string>): string[] {
  const near = Array.from(new Set(candidates), (candidate) => ({ candidate, likeness: likeness(name, candidate) }));
  return near
    .filter(({ likeness: each }) => each >= least)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** How much of the longer one both begin or end with, from 0 to 1. */
function likeness(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  const shorter = Math.min(a.length, b.length);
  const longer = Math.max(a.length, b.length);
  if (shorter > 2 && (a.includes(b) || b.includes(a))) return least + (1 - least) * (shorter / longer);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return (start + end) / longer;
}

/** `did you mean a or b?` */
export function didYouMean(names: readonly string[]): string {
  return `did you mean ${names.join(' or ')}?`;
}
