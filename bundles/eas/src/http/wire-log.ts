import type { Logger } from '@oxtender/bundle-api';
import type { ReceivedBody } from './received-body';
import {
  AirSync,
  decode,
  type Element,
  FolderHierarchy,
  GetItemEstimate,
  ItemOperations,
  MeetingResponse,
  Move,
  Ping,
  printXml,
  Provision,
  type Redact,
  WbxmlError,
} from '../wbxml';

/** Pages whose values are the protocol's own. All others carry what belongs to the user. */
const openPages: ReadonlySet<string> = new Set(
  [AirSync.Sync, FolderHierarchy.FolderSync, GetItemEstimate.GetItemEstimate, MeetingResponse.MeetingResponse]
    .concat([ItemOperations.ItemOperations, Move.MoveItems, Ping.Ping, Provision.Provision])
    .map((tag) => tag.namespace),
);
const closedTags = new Set([
  FolderHierarchy.DisplayName,
  ItemOperations.UserName,
  ItemOperations.Password,
  ItemOperations.Data,
]);

/** Shows how much there is, not what. */
const redact: Redact = (tag, value) =>
  openPages.has(tag.namespace) && !closedTags.has(tag) && typeof value === 'string' ? undefined : `[${value.length}]`;

/** Writes what goes over the wire as XML, without what belongs to the user. Off unless configured. */
export class WireLog {
  constructor(private readonly log: Logger) {}

  request(body: ReceivedBody, requestId: string): void {
    if (!this.log.isEnabled('debug')) return;
    this.log.debug('wire request', { requestId, bytes: body.bytes.length, xml: readable(body) });
  }

  answer(answer: Element, requestId: string): void {
    if (!this.log.isEnabled('debug')) return;
    this.log.debug('wire answer', { requestId, xml: printXml(answer, redact) });
  }
}

function readable({ bytes, document }: ReceivedBody): string | undefined {
  if (bytes.length === 0) return undefined;
  try {
    return printXml(decode(document), redact);
  } catch (error) {
    if (error instanceof WbxmlError) return undefined;
    throw error;
  }
}
