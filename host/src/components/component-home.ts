import type { BundleContext, Clock, Logger } from '@oxtender/bundle-api';
import type { Activations } from './activations';
import type { BundleContainer } from './bundle-container';

/** What a component configuration lives in: one generation of its bundle. */
export interface ComponentHome {
  readonly context: BundleContext;
  readonly container: BundleContainer;
  readonly log: Logger;
  readonly clock: Clock;
  readonly activations: Activations;
  /** Milliseconds that holders of a component's service have to finish when it goes (rule S23). */
  readonly drain: number;
  nextId(): number;
  /** Keys of the configuration whose values are to be shown nowhere. */
  readonly secrets: ReadonlySet<string>;
  /** Keys whose change does not make the component anew. */
  readonly gentle: ReadonlySet<string>;
  /** Ends the waiting of a lazy bundle: its first use (rule L17). */
  activateBundle(): Promise<void> | undefined;
}
