import { inspect } from 'node:util';

/** What a log line tells of an error: never its own enumerable fields, which may hold a request. */
export interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorFields;
  readonly errors?: ErrorFields[];
}

const maxDepth = 8;

/** An error with its chain of causes. */
export function errorFields(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: inspect(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const deeper = depth < maxDepth;
  return {
    type: error.name,
    message: error.message,
    ...(code !== undefined && { code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(deeper && error.cause !== undefined && { cause: errorFields(error.cause, depth + 1) }),
    ...(deeper &&
      error instanceof AggregateError && { errors: error.errors.map((each: unknown) => errorFields(each, depth + 1)) }),
  };
}

/** The messages of an error and its causes in one line. */
export function errorText(error: unknown): string {
  const messages: string[] = [];
  for (let next: unknown = error; next !== undefined && messages.length < maxDepth;) {
    const message = next instanceof Error ? next.message : typeof next === 'string' ? next : inspect(next);
    if (!messages.at(-1)?.includes(message)) messages.push(message);
    next = next instanceof Error ? next.cause : undefined;
  }
  return messages.join(': ');
}
