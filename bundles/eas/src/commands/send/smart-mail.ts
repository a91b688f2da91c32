import { isOxtenderError } from '@oxtender/bundle-api';
import type { Original } from '../../mail/original';
import { type Enclosure, composeWithOriginal, isSealed } from '../../mail/compose';
import { writeItip } from '../../mail/itip/itip-object';
import { type MailSource, splitSource } from '../../mail/source';
import type { CommandCall } from '../../protocol/command';
import { MailBody } from '../../protocol/request-body';
import { Refused } from '../../protocol/refused';
import { parseDateTime } from '../../values/date-time';
import { type Outbox, type OutgoingMail, keyOfBytes, refuseRepeat } from './outbox';
import type { SmartReplyDocument } from './request';
import { checkAsked, checkMail } from './sending-rules';
import { type MailItem, type MeetingItem, type NamedSource, findSource } from './source-item';

/** A reply or forward, whichever way the device's version says it. */
interface SmartMail extends OutgoingMail {
  readonly replaceMime: boolean;
  readonly source: NamedSource;
}

type Kind = 'answered' | 'forwarded';

/** Sends a reply or forward with the original below it, and marks the original. */
export async function sendSmartMail(
  kind: Kind,
  asked: SmartReplyDocument | MailBody,
  { call, outbox, now }: { call: CommandCall; outbox: Outbox; now: number },
): Promise<void> {
  const smart = await smartMailOf(asked, call);
  const original = await findSource(smart.source, call);
  const whole = smart.replaceMime || isSealed(smart.mail);
  const mail = whole ? smart.mail : await withOriginal(kind, smart.mail, original, { call, now });
  const sending = await outbox.send({ ...smart, mail }, call);
  if (original.kind === 'mail') await mark(kind, original, call);
  refuseRepeat(sending, call);
}

async function smartMailOf(asked: SmartReplyDocument | MailBody, call: CommandCall): Promise<SmartMail> {
  const { parameters } = call;
  if (asked instanceof MailBody) {
    const { itemId, longId, occurrence = '' } = parameters;
    return {
      mail: checkMail(splitSource(asked.bytes)),
      ...(await keyOfBytes(asked.bytes, call.command, itemId ?? '', longId ?? '', occurrence)),
      saveInSent: parameters.saveInSent ?? false,
      replaceMime: false,
      source: { itemId, longId, instanceId: parseDateTime(occurrence) },
    };
  }
  checkAsked(asked, call);
  return {
    mail: checkMail(splitSource(asked.mime)),
    key: asked.clientId,
    saveInSent: asked.saveInSentItems ?? false,
    replaceMime: asked.replaceMime ?? false,
    source: asked.source,
  };
}

async function withOriginal(
  kind: Kind,
  written: MailSource,
  item: MailItem | MeetingItem,
  { call, now }: { call: CommandCall; now: number },
): Promise<MailSource> {
  const original = item.kind === 'mail' ? item.message : quotedMeeting(item);
  if (kind === 'answered') return composeWithOriginal(written, original, call.contents);
  const additions = { enclosures: enclosuresOf(item, call), calendar: calendarOf(item, { call, now }) };
  return composeWithOriginal(written, original, call.contents, additions).catch(refuseComposing);
}

/** A file of the original is gone or cannot be read: what the user expects to go with the mail would not. */
function refuseComposing(cause: unknown): never {
  if (!isOxtenderError(cause, 'NOT_FOUND', 'PERMISSION', 'INVALID', 'UNSUPPORTED')) throw cause;
  throw new Refused('MESSAGE_REPLY_FAILED', 'a file of the original cannot be read', { cause });
}

/** A meeting as if it had been written by who invites. */
function quotedMeeting({ appointment }: MeetingItem): Original {
  const { title, organizer, attendees, body, start } = appointment;
  return {
    ...(title === undefined ? {} : { subject: title }),
    ...(organizer ? { from: [organizer] } : {}),
    ...(attendees ? { to: attendees } : {}),
    sentAt: start,
    bodies: body ? [body] : [],
  };
}

/**
 * An invitation stays one when it is forwarded: the organizer is the same. [MS-ASCMD] "Forwarding a Meeting Request". An event
 * without guests goes along as one that the other may keep. [RFC 5546] "PUBLISH".
 */
function calendarOf(
  item: MailItem | MeetingItem,
  { call, now }: { call: CommandCall; now: number },
): string | undefined {
  if (item.kind === 'mail') return item.message.calendar;
  const { appointment, occurrence } = item;
  if (appointment.uid === undefined) return undefined;
  const { displayName: name, primaryAddress: address, timeZone } = call.session.user;
  const { organizer, attendees = [] } = appointment;
  const meeting = { ...appointment, organizer: organizer ?? { name, address } };
  const message = organizer ? { method: 'REQUEST' as const, attendees } : { method: 'PUBLISH' as const, attendees: [] };
  return writeItip({ ...message, meeting, occurrence, stamp: now, zone: timeZone });
}

function enclosuresOf(item: MailItem | MeetingItem, call: CommandCall): Enclosure[] {
  const { attachments = [] } = item.kind === 'mail' ? item.message : item.appointment;
  return attachments.map(({ id, fileName, contentType, contentId }) => ({
    ...{ fileName, contentType, content: readAttachment(item, id, call) },
    ...(contentId === undefined ? {} : { contentId }),
  }));
}

/** Opened when it is read. */
async function* readAttachment(
  { folder, itemId }: MailItem | MeetingItem,
  id: string,
  { session, signal }: CommandCall,
): AsyncGenerator<Uint8Array> {
  const { content } = await session.groupware.readAttachment(folder, itemId, id, { signal });
  yield* content;
}

/** The mail is out: a mark that cannot be set is no reason to tell the device that it failed. */
async function mark(kind: Kind, { folder, itemId }: MailItem, { session, signal, log }: CommandCall): Promise<void> {
  try {
    await session.groupware.patch({ ...folder, itemClass: 'Email' }, itemId, { [kind]: true }, { signal });
  } catch (error) {
    if (!isOxtenderError(error)) throw error;
    log.warn('the mail was sent, but the original could not be marked', { mark: kind, error });
  }
}
