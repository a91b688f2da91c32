import type { CommandParameter } from '@oxtender/bundle-api';

/** The admin socket carries one JSON value per line: one request per connection, then answers until it closes. */

/** A command as the CLI knows it. */
export interface CommandDescription {
  readonly name: string;
  readonly description: string;
  readonly args: readonly CommandParameter[];
  readonly options: readonly CommandParameter[];
  /** It changes something: `--dry-run` tells what. */
  readonly mutating: boolean;
  /** Symbolic name of the bundle that contributes it; undefined for the host's own. */
  readonly bundle: string | undefined;
}

export type AdminRequest =
  | { readonly kind: 'describe' }
  | { readonly kind: 'complete'; readonly command: string; readonly argument: string }
  | {
      readonly kind: 'run';
      readonly command: string;
      readonly args: readonly string[];
      readonly options: Readonly<Record<string, unknown>>;
      readonly dryRun: boolean;
      /** Login name of the operator, for the audit trail. */
      readonly user: string;
    };

export type AdminAnswer =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'record'; readonly record: unknown }
  | { readonly kind: 'result'; readonly result: unknown; readonly text?: string }
  | { readonly kind: 'error'; readonly message: string; readonly code?: string };
