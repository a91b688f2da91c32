import { type DocumentInput, longestHeldValue, outlineOf, type StoredBytes } from '../wbxml';

/** A request's body: as it came, and as a document of which large values are left out. */
export interface ReceivedBody {
  readonly bytes: StoredBytes;
  readonly document: DocumentInput;
}

/** @param isDocument - false: a mail, of which the beginning stands for the whole where it is only to be known again */
export async function receivedBody(bytes: StoredBytes, isDocument: boolean): Promise<ReceivedBody> {
  const document = isDocument ? await outlineOf(bytes) : { bytes: bytes.slice(0, longestHeldValue).read() };
  return { bytes, document };
}
