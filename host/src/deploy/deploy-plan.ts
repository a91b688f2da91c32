import type { Artefact } from './artefacts';

/** What is known of an artefact since it was last acted on. */
export interface Deployed {
  readonly signature: string;
  /** It could not be installed: tried again when it changes, not before. */
  readonly failed?: boolean;
}

/** What one scan leads to: one transaction (rule O5). */
export interface DeployPlan {
  readonly removed: readonly string[];
  readonly changed: readonly Artefact[];
  readonly added: readonly Artefact[];
}

/**
 * Compares a scan with the one before it and with what was done. Only what was the same over two scans is acted on: a
 * file that is still being copied is not touched.
 */
export function planDeployment(
  now: readonly Artefact[],
  before: readonly Artefact[],
  deployed: ReadonlyMap<string, Deployed>,
): DeployPlan {
  const stable = now.filter(({ path, signature }) =>
    before.some((each) => each.path === path && each.signature === signature),
  );
  const there = new Set([...now, ...before].map(({ path }) => path));
  return {
    removed: [...deployed.keys()].filter((path) => !there.has(path)),
    changed: stable.filter(({ path, signature }) => (deployed.get(path)?.signature ?? signature) !== signature),
    added: stable.filter(({ path }) => !deployed.has(path)),
  };
}
