import { container } from 'tsyringe';

/** What tsyringe's `reset` empties, and says nothing of. */
interface Registrations {
  readonly _registry: { entries(): IterableIterator<[unknown, readonly unknown[]]> };
}

/**
 * Takes away what was registered in the container that all bundles would share: `@singleton()`, `@scoped()` and
 * `@registry()` of tsyringe write there (rule C3).
 *
 * @returns the tokens, by name
 */
export function takeGlobalRegistrations(): string[] {
  const tokens = [...(container as unknown as Registrations)._registry.entries()].flatMap(([token, registrations]) =>
    registrations.length > 0 ? [nameOf(token)] : [],
  );
  if (tokens.length > 0) container.reset();
  return tokens;
}

function nameOf(token: unknown): string {
  return typeof token === 'function' ? token.name : String(token);
}
