import { GroupwareError, type GroupwareErrorCode } from '@oxtender/bundle-api';
import { isSessionLost, meaningOfCategory, meaningOfCode } from './error-codes';

/** A field that the server could not store. Columns are ids in older answers, names in newer ones. */
export interface OxProblem {
  readonly column?: number;
  readonly name?: string;
  readonly maxSize?: number;
}

/** An error that the OX server reported in an envelope. */
export class OxError extends GroupwareError {
  /** `CON-0119`; empty when the answer had none. */
  readonly oxCode: string;
  readonly category: number;
  readonly problems: readonly OxProblem[];
  readonly params: readonly unknown[];

  constructor(envelope: Readonly<Record<string, unknown>>, module: string) {
    const code = text(envelope['code']);
    const category = Number(envelope['category'] ?? 0);
    super(meaning(code, category, module), `OX refused a call of ${module}: ${code || 'no code'}`, {
      backend: {
        code,
        category,
        errorId: text(envelope['error_id']),
        description: text(envelope['error_desc'] ?? envelope['error']),
      },
    });
    this.oxCode = code;
    this.category = category;
    this.params = Array.isArray(envelope['error_params']) ? (envelope['error_params'] as unknown[]) : [];
    this.problems = problemsOf(envelope);
  }

  /** True when a new login and a repetition help: the call was not executed. */
  get sessionLost(): boolean {
    return isSessionLost(this.oxCode);
  }
}

function meaning(code: string, category: number, module: string): GroupwareErrorCode {
  if (isSessionLost(code)) return 'UNAVAILABLE';
  // The old calendar reports a missing object by a generic code of category 8; the servlet has codes of its own.
  if (module === 'calendar' && category === 8 && !meaningOfCode.has(code) && !code.startsWith('SVL-'))
    return 'NOT_FOUND';
  return meaningOfCode.get(code) ?? meaningOfCategory[category] ?? 'BROKEN_ANSWER';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function problemsOf({ problematic, truncated }: Readonly<Record<string, unknown>>): OxProblem[] {
  const problems = (Array.isArray(problematic) ? (problematic as unknown[]) : []).map(problemOf);
  for (const column of Array.isArray(truncated) ? (truncated as unknown[]) : [])
    if (typeof column === 'number' && !problems.some((one) => one.column === column)) problems.push({ column });
  return problems;
}

function problemOf(value: unknown): OxProblem {
  if (typeof value !== 'object' || value === null) return {};
  const { id, name, max_size: maxSize } = value as Record<string, unknown>;
  return {
    ...(id !== undefined && { column: Number(id) }),
    ...(typeof name === 'string' && { name }),
    ...(typeof maxSize === 'number' && { maxSize }),
  };
}
