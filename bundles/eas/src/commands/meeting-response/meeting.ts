import type { Appointment, FolderRef, Instant, Invitations, Message } from '@oxtender/bundle-api';
import { isOxtenderError } from '@oxtender/bundle-api';
import { isOwn } from '../../classes/calendar/attendees';
import { parseCalendarPart } from '../../classes/email/calendar-part';
import type { CommandCall } from '../../protocol/command';
import { occurrenceNamed } from '../../values/occurrences';
import { serverIdOfLongId } from '../../values/long-id';
import type { MeetingAnswer } from './request';
import { MeetingRefused } from './status';

/** The mail that asks. */
export interface RequestMail {
  readonly folder: FolderRef;
  readonly id: string;
  readonly messageId?: string | undefined;
}

/** A meeting in the user's calendar, and what of it is answered. */
export interface Meeting {
  readonly folder: FolderRef;
  readonly id: string;
  readonly appointment: Appointment;
  /** `originalStart` of the one occurrence that is meant. */
  readonly occurrence?: Instant | undefined;
  readonly mail?: RequestMail;
}

/** Finds what a device answers: by the mail in any folder, or by the item in a calendar. */
export class MeetingFinder {
  constructor(
    private readonly call: CommandCall,
    private readonly invitations: Invitations,
  ) {}

  /** @throws MeetingRefused */
  async find(asked: MeetingAnswer): Promise<Meeting> {
    const { session } = this.call;
    const name = asked.requestId ?? asked.longId;
    const serverId = name === undefined ? undefined : await serverIdOfLongId(session, name, this.call);
    const place = serverId === undefined ? undefined : await session.locate(serverId);
    const itemClass = place?.folder.itemClass;
    if (place === undefined || serverId === undefined || (itemClass !== 'Email' && itemClass !== 'Calendar'))
      throw new MeetingRefused('NO_MEETING_REQUEST', 'there is no such item');
    const folder: FolderRef = { id: place.folder.id, itemClass };
    const meeting =
      itemClass === 'Email'
        ? await this.#ofMail(serverId, { folder, id: place.itemId })
        : await this.#ofCalendar(folder, place.itemId);
    return this.#checked(meeting, asked);
  }

  /** The calendar has it already when the groupware put it there; else it comes in now. */
  async #ofMail(serverId: string, mail: RequestMail): Promise<Meeting> {
    const { session, signal } = this.call;
    const [result] = await session.fetch([serverId], { signal });
    if (result?.error && !isOxtenderError(result.error, 'NOT_FOUND')) throw result.error;
    if (!result || result.error) throw new MeetingRefused('NO_MEETING_REQUEST', 'the mail is gone');
    const { calendar, messageId } = result.item as Message;
    const part = calendar === undefined ? undefined : parseCalendarPart(calendar, session.user.timeZone);
    if (calendar === undefined || part?.method !== 'REQUEST' || part.uid === '')
      throw new MeetingRefused('NO_MEETING_REQUEST', 'the mail invites to nothing');
    if (part.organizer !== undefined && isOwn(part.organizer.address, session))
      throw new MeetingRefused('USER_IS_ORGANIZER', 'the user invites');
    const known =
      (await this.invitations.findByUid(part.uid, { signal })) ?? (await this.invitations.apply(calendar, { signal }));
    if (!known) throw new MeetingRefused('NO_MEETING_REQUEST', 'the meeting cannot be put into the calendar');
    const meeting = await this.#ofCalendar(known.folder, known.id);
    return { ...meeting, occurrence: part.recurrenceId, mail: { ...mail, messageId } };
  }

  async #ofCalendar(folder: FolderRef, id: string): Promise<Meeting> {
    const { signal, session } = this.call;
    const [found] = await session.groupware.read({ ...folder, itemClass: 'Calendar' }, [id], { signal });
    if (found?.error && !isOxtenderError(found.error, 'NOT_FOUND')) throw found.error;
    if (!found || found.error) throw new MeetingRefused('NO_MEETING_REQUEST', 'the meeting is gone');
    return { folder, id, appointment: found.item };
  }

  #checked(meeting: Meeting, { instanceId }: MeetingAnswer): Meeting {
    const { appointment } = meeting;
    const { organizer, ownedByUser } = appointment;
    if (ownedByUser ?? (organizer === undefined || isOwn(organizer.address, this.call.session)))
      throw new MeetingRefused('USER_IS_ORGANIZER', 'the user invites, or nobody does');
    if (typeof instanceId !== 'number') return meeting;
    if (appointment.recurrence === undefined) throw new MeetingRefused('NO_SERIES', 'InstanceId of a single meeting');
    const occurrence = occurrenceNamed(appointment, instanceId, this.call.session.user.timeZone);
    if (occurrence === undefined) throw new MeetingRefused('NO_SUCH_OCCURRENCE', 'the series has no such occurrence');
    return { ...meeting, occurrence };
  }
}
