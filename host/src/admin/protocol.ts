/** The admin socket carries one JSON value per line: one request per connection, then answers until it closes. */

export type AdminRequest =
  | { readonly kind: 'describe' }
  | { readonly kind: 'complete'; readonly command: string; readonly argument: string }
  | {
      readonly kind: 'run';
      readonly command: string;
      readonly args: readonly string[];
      /** As the operator gave them, where files are carried: for the audit trail. */
      readonly given?: readonly string[];
      readonly options: Readonly<Record<string, unknown>>;
      readonly dryRun: boolean;
      /** Login name of the operator, for the audit trail. */
      readonly user: string;
    };

export type AdminAnswer =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'record'; readonly record: unknown }
  | { readonly kind: 'result'; readonly result: unknown; readonly text?: string; readonly failed?: true }
  | { readonly kind: 'error'; readonly message: string; readonly code?: string };
