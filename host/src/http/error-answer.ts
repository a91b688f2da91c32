import type { HttpState, Logger } from '@oxtender/bundle-api';
import type { ParameterizedContext } from 'koa';

interface HttpErrorLike {
  readonly status: number;
  readonly message: string;
}

/** The answer to an error that a handler threw: its own status below 500, else 500 without a word (rule H10). */
export function answerError(error: unknown, context: ParameterizedContext, log: Logger): void {
  const { requestId } = context.state as HttpState;
  if (isClientError(error)) {
    context.status = error.status;
    context.body = error.message;
    log.debug('request refused', { requestId, method: context.method, status: error.status, reason: error.message });
    return;
  }
  log.error('request failed', { requestId, method: context.method, path: pathOf(context.originalUrl), error });
  context.status = 500;
  context.body = 'Internal Server Error';
}

/** As http-errors and koa's `ctx.throw` make them. */
function isClientError(error: unknown): error is HttpErrorLike {
  if (!(error instanceof Error) || !('status' in error)) return false;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}

/** The query may carry credentials. */
function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}
