import type { Attendee, Mailbox } from '@oxtender/bundle-api';
import { readBody } from '../../classes/body';
import { composeItipMail } from '../../mail/itip/itip-mail';
import type { CommandCall } from '../../protocol/command';
import { Refused } from '../../protocol/refused';
import { ComposeMail, type Element } from '../../wbxml';
import { type Outbox, refuseRepeat } from './outbox';
import type { SmartForwardDocument } from './request';
import { findSource } from './source-item';

/** Most people of one forward. */
const maxForwardees = 500;

/**
 * Forwards an event to others, from 16.0: the server writes the mail, and the organizer stays who he is. [MS-ASCMD]
 * "Forwardees".
 *
 * @throws Refused INVALID_SMART_FORWARD_PARAMETERS, INVALID_RECIPIENTS
 */
export async function forwardMeeting(
  asked: SmartForwardDocument & { readonly forwardees: Element },
  { call, outbox, now }: { call: CommandCall; outbox: Outbox; now: number },
): Promise<void> {
  const { mime, saveInSentItems, replaceMime, templateId } = asked;
  if ([mime, saveInSentItems, replaceMime, templateId].some((one) => one !== undefined))
    throw new Refused('INVALID_SMART_FORWARD_PARAMETERS', 'an element that does not go with Forwardees');
  const forwardees = readForwardees(asked.forwardees);
  const item = await findSource(asked.source, call);
  if (item.kind !== 'meeting' || item.appointment.uid === undefined)
    throw new Refused('INVALID_SMART_FORWARD_PARAMETERS', 'only an event is forwarded by Forwardees');
  const { user } = call.session;
  const self: Mailbox = { name: user.displayName, address: user.primaryAddress };
  const meeting = { ...item.appointment, organizer: item.appointment.organizer ?? self };
  const mail = await composeItipMail({
    from: self,
    to: forwardees,
    subject: `FW: ${meeting.title ?? ''}`.trim(),
    body: (asked.body && readBody(asked.body)) ?? meeting.body,
    message: {
      method: 'REQUEST',
      meeting,
      attendees: [...(meeting.attendees ?? []), ...forwardees.map(asAttendee)],
      occurrence: item.occurrence,
      stamp: now,
      zone: user.timeZone,
    },
  });
  refuseRepeat(await outbox.send({ mail, key: asked.clientId, saveInSent: true }, call), call);
}

function readForwardees(list: Element): Mailbox[] {
  const forwardees = list.children.map((forwardee): Mailbox => {
    const address = forwardee.child(ComposeMail.Email)?.text.trim() ?? '';
    const name = forwardee.child(ComposeMail.Name)?.text ?? '';
    if (forwardee.tag !== ComposeMail.Forwardee || !/^[^\s@<>]+@[^\s@<>]+$/.test(address))
      throw new Refused('INVALID_RECIPIENTS', 'a forwardee without an address');
    return name === '' ? { address } : { name, address };
  });
  if (forwardees.length === 0 || forwardees.length > maxForwardees)
    throw new Refused('INVALID_RECIPIENTS', 'nobody to forward to, or too many');
  return forwardees;
}

function asAttendee(mailbox: Mailbox): Attendee {
  return { ...mailbox, role: 'required', status: 'none' };
}
