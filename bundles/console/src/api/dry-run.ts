/** What every change is sent with: first with true, for the consequences, then with false. */
export interface DryRun {
  readonly dryRun: boolean;
}

export const dryRunSchema = { dryRun: { type: 'boolean' } } as const;

export const dryRunBody = {
  type: 'object',
  properties: dryRunSchema,
  required: ['dryRun'],
  additionalProperties: false,
} as const;
