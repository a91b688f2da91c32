/** Of bodies of calls. */
export const jsonType = 'application/json; charset=UTF-8';

/** Value of a parameter. */
export type OxParameter = string | number | boolean;

/** One call of the HTTP API, without what belongs to the session. OX HTTP API, "Low level protocol". */
export interface OxCall {
  /** `contacts`, `config/mail/sendaddress`. */
  readonly module: string;
  readonly action?: string;
  readonly parameters?: Readonly<Record<string, OxParameter>>;
  /** Sent as JSON by PUT. */
  readonly body?: unknown;
  /** True when a second execution changes nothing more than the first. Default: calls without a body. */
  readonly repeatable?: boolean;
}

/** An answer's envelope without an error. */
export interface OxAnswer<T = unknown> {
  readonly data: T;
  /** Newest last_modified of what was answered, UTC milliseconds; 0 when the answer names none. */
  readonly timestamp: number;
  /** The server's clock when it answered, milliseconds, whole seconds; undefined without a Date header. */
  readonly serverTime?: number;
}

/** Parameters of every call: times are plain UTC only with `timezone=UTC`. */
const always = { timezone: 'UTC' };

/** What means itself in a query: most values, and the longest, which are lists of columns. */
const plainValue = /^[\w,.:/-]*$/;

/** Path and query of a call below the base path. */
export function pathOf({ module, action, parameters }: OxCall, session: string): string {
  let path = `/${module}?session=${encoded(session)}`;
  if (action !== undefined) path += `&action=${action}`;
  for (const name in parameters) path += `&${name}=${encoded(parameters[name] ?? '')}`;
  return `${path}&timezone=${always.timezone}`;
}

function encoded(value: OxParameter): string {
  if (typeof value !== 'string') return String(value);
  return plainValue.test(value) ? value : encodeURIComponent(value);
}

/** A call as an element of `multiple`: parameters are fields, the body is `data`. */
export function asPart({ module, action, parameters, body }: OxCall): Record<string, unknown> {
  return { module, action, ...parameters, ...always, ...(body !== undefined && { data: body }) };
}

/** True when a lost answer may be fetched again. */
export function isRepeatable({ repeatable, body }: OxCall): boolean {
  return repeatable ?? body === undefined;
}
