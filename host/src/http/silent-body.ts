import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Ends a request whose client stops in the middle of the body, or sends next to nothing for ever. A handler that does not read
 * is no reason: what waits to be read is the client's doing no more.
 *
 * @param limit - milliseconds without a byte; 0: any
 */
export function limitSilence(request: IncomingMessage, response: ServerResponse, limit: number): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const { socket } = request;
  // A connection of a bundle's making has no timer.
  if (limit === 0 || (Number(length ?? 0) === 0 && encoding === undefined) || !('setTimeout' in socket)) return;
  // Most bodies are there with their head: they are read to the end when the next thing happens, and cost neither timer
  // nor listener.
  setImmediate(() => {
    if (!request.complete) waitForBody(request, response, socket, limit);
  });
}

function waitForBody(request: IncomingMessage, response: ServerResponse, socket: Socket, limit: number): void {
  const silent = (): void => {
    if (request.complete) socket.setTimeout(0);
    else if (request.readableLength > 0 || response.headersSent) socket.setTimeout(limit);
    else
      response
        .writeHead(408, { Connection: 'close' })
        .end(() => request.destroy(new Error('the client sends no more')));
  };
  socket.setTimeout(limit);
  // The answer's, since the server tells the request only as long as it is not complete.
  response.on('timeout', silent);
  request.once('end', () => {
    // From here on the answer may take as long as it likes.
    if (!response.writableFinished) socket.setTimeout(0);
  });
}
