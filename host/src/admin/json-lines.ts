import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The JSON values that arrive, one a line, until the other side ends. @throws SyntaxError for a line that is no JSON */
export async function* readJsonLines(socket: Socket): AsyncGenerator {
  const lines = createInterface({ input: socket, crlfDelay: Infinity });
  // A socket that this side destroys does not end: without this the reader would wait for ever.
  socket.once('close', () => lines.close());
  for await (const line of lines) if (line !== '') yield JSON.parse(line) as unknown;
}

/** False when the other side has gone. */
export function writeJsonLine(socket: Socket, value: object): boolean {
  if (socket.destroyed || socket.writableEnded) return false;
  socket.write(`${JSON.stringify(value, replacer)}\n`);
  return true;
}

/** JSON knows no bigint. */
function replacer(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
