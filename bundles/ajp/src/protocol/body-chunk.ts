import { AjpError } from '../ajp-error';

/**
 * A piece of a request's body: its length, its bytes. "Request Body": an empty one, with or without a length, is the body's end.
 *
 * @throws AjpError MALFORMED_PACKET
 */
export function decodeBodyChunk(payload: Buffer): Buffer {
  if (payload.length === 0) return payload;
  const length = payload.length < 2 ? undefined : payload.readUInt16BE(0);
  if (length !== payload.length - 2) {
    throw new AjpError('MALFORMED_PACKET', `a piece of a body that says ${length ?? 'no'} bytes in ${payload.length}`);
  }
  return payload.subarray(2);
}
