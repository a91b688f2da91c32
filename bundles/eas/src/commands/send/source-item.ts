import type { Appointment, Instant, Message, SyncFolder } from '@oxtender/bundle-api';
import type { CommandCall } from '../../protocol/command';
import { Refused } from '../../protocol/refused';
import { occurrenceNamed } from '../../values/occurrences';
import { serverIdOfLongId } from '../../values/long-id';
import { singleOccurrence } from '../../values/single-occurrence';

/** How a device names what it answers or forwards. */
export interface NamedSource {
  readonly itemId?: string | undefined;
  readonly longId?: string | undefined;
  /** Start of the one occurrence that is meant. */
  readonly instanceId?: Instant | undefined;
}

interface Place {
  readonly folder: SyncFolder;
  readonly itemId: string;
}

export interface MailItem extends Place {
  readonly kind: 'mail';
  readonly message: Message;
}

export interface MeetingItem extends Place {
  readonly kind: 'meeting';
  /** Of one occurrence, with its own times. */
  readonly appointment: Appointment;
  readonly occurrence?: Instant | undefined;
}

/** @throws Refused ITEM_NOT_FOUND, NO_RECURRENCE_IN_CALENDAR */
export async function findSource(named: NamedSource, call: CommandCall): Promise<MailItem | MeetingItem> {
  const { session, signal } = call;
  const { itemId, longId } = named;
  const serverId = itemId ?? (longId === undefined ? undefined : await serverIdOfLongId(session, longId, { signal }));
  const place = serverId === undefined ? undefined : await session.locate(serverId);
  if (!place || serverId === undefined) throw new Refused('ITEM_NOT_FOUND', 'the original is not known');
  const [result] = await session.fetch([serverId], { bodies: ['text', 'html'], signal });
  if (result && !result.error && result.itemClass === 'Email') {
    if (named.instanceId !== undefined) throw new Refused('NO_RECURRENCE_IN_CALENDAR', 'a mail does not recur');
    return { ...place, kind: 'mail', message: result.item as Message };
  }
  if (result && !result.error && result.itemClass === 'Calendar')
    return { ...place, kind: 'meeting', ...occurrenceOf(result.item as Appointment, named, call) };
  throw new Refused('ITEM_NOT_FOUND', 'the original is gone, or none that can be sent', { cause: result?.error });
}

function occurrenceOf(
  appointment: Appointment,
  { instanceId }: NamedSource,
  { session }: CommandCall,
): Pick<MeetingItem, 'appointment' | 'occurrence'> {
  if (instanceId === undefined) return { appointment };
  if (appointment.recurrence === undefined)
    throw new Refused('NO_RECURRENCE_IN_CALENDAR', 'InstanceId of a single event');
  const occurrence = occurrenceNamed(appointment, instanceId, session.user.timeZone);
  if (occurrence === undefined) throw new Refused('ITEM_NOT_FOUND', 'the series has no such occurrence');
  return { appointment: singleOccurrence(appointment, occurrence), occurrence };
}
