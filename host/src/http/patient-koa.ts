import Koa, { type Context } from 'koa';

/** What koa does with each request; its types leave it out. */
interface RequestHandling {
  handleRequest(context: Context, run: (context: Context) => Promise<void>): Promise<void>;
}

const koa = Koa.prototype as unknown as RequestHandling;

/**
 * koa listens for the end of an answer from the moment its request comes, which is a third of what it keeps for a request
 * that is held. This one lets it listen when it answers; a handler that sets `respond = false` listens for itself.
 */
export class PatientKoa extends Koa implements RequestHandling {
  handleRequest(context: Context, run: (context: Context) => Promise<void>): Promise<void> {
    const { res } = context;
    res.statusCode = 404;
    const outcome = run(context);
    const answer = (): Promise<void> => {
      const { statusCode } = res;
      return koa.handleRequest.call(this, context, () => {
        res.statusCode = statusCode;
        return outcome;
      });
    };
    return outcome.then(() => (context.respond === false ? undefined : answer()), answer);
  }
}
