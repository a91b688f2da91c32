import type { ReferenceDeclaration } from './declaration';

/** What a change among the services of a reference does to an instance that is bound to them. */
export type Reaction = 'ignore' | 'bind' | 'replace' | 'unbind' | 'restart';

type Policy = Pick<ReferenceDeclaration, 'dynamic' | 'greedy' | 'many'>;

/**
 * A service arrives, or becomes better by its ranking (rule C15).
 *
 * @param bound - how many services the instance is bound to by this reference
 * @param better - the service that arrives is better than the one bound
 */
export function onArrival(
  { dynamic, greedy, many }: Policy,
  { bound, better }: { bound: number; better: boolean },
): Reaction {
  const wanted = many || bound === 0 || better;
  if (!dynamic) return greedy && wanted ? 'restart' : 'ignore';
  if (many || bound === 0) return 'bind';
  return greedy && better ? 'replace' : 'ignore';
}

/** A bound service leaves while the reference stays satisfied (rule C15). */
export function onDeparture({ dynamic, many }: Policy): Reaction {
  if (!dynamic) return 'restart';
  return many ? 'unbind' : 'replace';
}
