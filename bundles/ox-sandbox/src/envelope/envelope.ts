import { Category, type CategoryNumber } from './codes';
import type { OxError } from './ox-error';

/** JSON text that is written as it is. */
export class Json {
  constructor(readonly text: string) {}

  /** An array of texts, each a JSON value. */
  static array(elements: readonly string[]): Json {
    return new Json(`[${elements.join(',')}]`);
  }

  /** An answer that has this data and nothing else. */
  asAnswer(): Answer {
    return { data: this };
  }

  /** The text of any value; `Json` inside is not looked for. */
  static text(value: unknown): string {
    return value instanceof Json ? value.text : JSON.stringify(value);
  }
}

/** Data with what belongs around it. */
export interface Answer {
  /** Undefined: the envelope has no `data`. */
  readonly data?: unknown;
  /** Newest last_modified of the data, UTC milliseconds. */
  readonly timestamp?: number;
  readonly warning?: OxError;
  /** More fields of the envelope, for the few actions that have them. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** How the imitated version writes an envelope. */
export interface EnvelopeStyle {
  /** 7.x: names of categories and English description; 6.x: the placeholders' values. */
  readonly modern: boolean;
  /** The log reference of an error. */
  readonly errorId: () => string;
}

const categoryNames = new Map<CategoryNumber, string>(Object.entries(Category).map(([name, number]) => [number, name]));

/** OX HTTP API, "Response body". */
export function renderAnswer(answer: Answer, style: EnvelopeStyle): string {
  const parts: string[] = [];
  if (answer.data !== undefined) parts.push(`"data":${Json.text(answer.data)}`);
  if (answer.timestamp !== undefined) parts.push(`"timestamp":${answer.timestamp}`);
  if (answer.warning) parts.push(renderFields(errorFields(answer.warning, style)));
  if (answer.extra) parts.push(renderFields(answer.extra));
  return `{${parts.join(',')}}`;
}

/** OX HTTP API, "Error handling". */
export function renderError(error: OxError, style: EnvelopeStyle): string {
  return `{${renderFields(errorFields(error, style))}}`;
}

/** The fields of an error, also used inside answers that list failures. */
export function errorFields(error: OxError, style: EnvelopeStyle): Record<string, unknown> {
  const common = {
    error: error.message,
    error_id: style.errorId(),
    code: error.code,
    category: error.category,
    ...(error.problematic.length > 0 ? { problematic: error.problematic } : {}),
  };
  if (!style.modern) return { ...common, error_params: error.params };
  return {
    ...common,
    error_params: [],
    error_desc: error.message,
    categories: categoryNames.get(error.category),
  };
}

function renderFields(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(fields).slice(1, -1);
}
