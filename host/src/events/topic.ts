const topicSyntax = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;

/** @throws TypeError unless it is a topic: tokens of letters, digits, `_` and `-`, joined by `/` (rule E1) */
export function checkTopic(topic: string): void {
  if (!topicSyntax.test(topic)) throw new TypeError(`no topic: ${JSON.stringify(topic)}`);
}

/** A test for topics from a pattern: exact, `a/b/*` for what is below `a/b`, or `*` (rule E2). Undefined for a bad pattern. */
export function topicMatcher(pattern: string): ((topic: string) => boolean) | undefined {
  if (pattern === '*') return () => true;
  if (pattern.endsWith('/*')) {
    const prefix = pattern.slice(0, -1);
    return topicSyntax.test(prefix.slice(0, -1)) ? (topic) => topic.startsWith(prefix) : undefined;
  }
  return topicSyntax.test(pattern) ? (topic) => topic === pattern : undefined;
}
