import type { CommandDescriptor } from '../protocol/command';
import { Refused } from '../protocol/refused';
import { MailBody, requestBodyOf } from '../protocol/request-body';
import { readDocument } from '../protocol/schema';
import type { ReceivedBody } from './received-body';

/** [MS-ASHTTP] "Content-Type": the long form and the short one. */
const wbxmlTypes = new Set(['application/vnd.ms-sync.wbxml', 'application/vnd.ms-sync']);
const mimeType = 'message/rfc822';

/**
 * Reads a body as what the command takes.
 *
 * @param contentType - the header; a device that leaves it out is taken at its word that it knows the protocol
 * @throws Refused INVALID_CONTENT when there is no body where one is needed, or it is of another type
 * @throws WbxmlError, MalformedRequest
 */
export function readRequest(
  descriptor: CommandDescriptor,
  body: ReceivedBody,
  contentType: string | undefined,
): unknown {
  const accepted = requestBodyOf(descriptor.request);
  if (body.bytes.length === 0) {
    if (accepted.mayBeEmpty) return undefined;
    throw new Refused('INVALID_CONTENT', 'the body is missing');
  }
  const type = mediaType(contentType);
  if (type === mimeType && accepted.mayBeMime) return new MailBody(body.bytes);
  if (type !== '' && !wbxmlTypes.has(type))
    throw new Refused('INVALID_CONTENT', `a body of type '${type.slice(0, 60)}'`);
  if (accepted.document === undefined || descriptor.root === undefined) return undefined;
  return readDocument(body.document, descriptor.root, accepted.document);
}

/** False for a mail. */
export function isDocument(contentType: string | undefined): boolean {
  return mediaType(contentType) !== mimeType;
}

function mediaType(contentType: string | undefined): string {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
