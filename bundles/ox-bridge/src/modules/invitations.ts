import {
  type Appointment,
  type AppointmentException,
  type Attendee,
  type Cancellable,
  type Folder,
  type FolderRef,
  GroupwareError,
  type GroupwareUser,
  type Invitations,
  type ParticipationStatus,
  type Patch,
  type WrittenItem,
} from '@oxtender/bundle-api';
import type { Proposal } from '../columns/proposal-note';
import { type Invitation, readInvitation } from '../itip/invitation';
import { omit } from '../omit';
import type { OxCalendar } from './calendar';
import type { PeopleDirectory } from './people-directory';

type Place = Awaited<ReturnType<Invitations['findByUid']>> & {};

/** An appointment that is in the calendar. */
interface Known extends Place {
  readonly appointment: Appointment;
}

/** The user's answers to invitations, and what mails about meetings change in the calendar. */
export class OxInvitations implements Invitations {
  constructor(
    private readonly calendar: OxCalendar,
    private readonly folders: (options: Cancellable) => Promise<readonly Folder[]>,
    private readonly people: PeopleDirectory,
    private readonly user: Pick<GroupwareUser, 'addresses'>,
  ) {}

  /** Others learn of it from OX, if it is OX that asked them. */
  respond(
    folder: FolderRef,
    id: string,
    answer: Parameters<Invitations['respond']>[2],
    { signal }: Parameters<Invitations['respond']>[3],
  ): Promise<WrittenItem> {
    return this.calendar.respond(folder.id, id, answer, { signal });
  }

  async findByUid(uid: string, options: Cancellable): ReturnType<Invitations['findByUid']> {
    const found = await this.#find(uid, options);
    return found && { folder: found.folder, id: found.id };
  }

  /** RFC 5546: what was said before what is known already changes nothing. */
  async apply(calendar: string, options: Cancellable): ReturnType<Invitations['apply']> {
    const invitation = readInvitation(calendar);
    const { uid } = invitation.appointment;
    if (uid === undefined) throw new GroupwareError('INVALID', 'a message about a meeting without UID');
    const known = await this.#find(uid, options);
    switch (invitation.method) {
      case 'REQUEST':
      case 'PUBLISH':
        return known ? this.#update(known, invitation, options) : this.#create(uid, invitation, options);
      case 'CANCEL':
        return known && this.#cancel(known, invitation, options);
      case 'REPLY':
      case 'COUNTER':
        return known && this.#answer(known, invitation, options);
      default:
        return known && place(known);
    }
  }

  async #create(uid: string, invitation: Invitation, options: Cancellable): Promise<Place> {
    const [folder] = await this.#calendars(options);
    if (!folder) throw new GroupwareError('NOT_FOUND', 'the user has no calendar');
    const { appointment, sequence } = invitation;
    // Nobody but the user can say whether he comes, whatever the message holds.
    const item = { ...appointment, ownedByUser: this.#isOwn(appointment.organizer?.address), sequence };
    try {
      const { id } = await this.calendar.create(folder.id, item, { key: uid, signal: options.signal });
      // OX takes it that who creates an appointment comes to it.
      await this.calendar.respond(folder.id, id, { status: 'none' }, options);
      return { folder, id };
    } catch (error) {
      // Another device brought the same mail at the same time.
      const made = error instanceof GroupwareError && error.code === 'EXISTS' && (await this.#find(uid, options));
      if (made) return place(made);
      throw error;
    }
  }

  /** What the groupware's own users organize is in everybody's calendar already. */
  async #update(known: Known, invitation: Invitation, options: Cancellable): Promise<Place> {
    const { appointment, occurrence } = invitation;
    if ((await this.#isInternal(known.appointment, options)) || !isNews(known.appointment, invitation))
      return place(known);
    const patch: Patch<Appointment> =
      occurrence === undefined
        ? { ...omit(appointment, 'uid', 'organizer'), sequence: invitation.sequence }
        : withException(known.appointment, { ...exceptionOf(appointment), originalStart: occurrence });
    await this.calendar.patch(known.folder.id, known.id, patch, options);
    return place(known);
  }

  async #cancel(known: Known, invitation: Invitation, options: Cancellable): Promise<Place> {
    const { occurrence, sequence } = invitation;
    const isOld = sequence < (known.appointment.sequence ?? 0);
    if (isOld || (await this.#isInternal(known.appointment, options))) return place(known);
    if (occurrence !== undefined && known.appointment.recurrence !== undefined) {
      const patch = withException(known.appointment, { originalStart: occurrence, deleted: true });
      await this.calendar.patch(known.folder.id, known.id, patch, options);
      return place(known);
    }
    const [result] = await this.calendar.delete(known.folder.id, [known.id], options);
    if (result?.error) throw result.error;
    return place(known);
  }

  /** Somebody outside answers what the user organizes; those inside answer in the groupware itself. */
  async #answer(known: Known, invitation: Invitation, options: Cancellable): Promise<Place> {
    const { appointment, occurrence, comment, method } = invitation;
    const [answered] = appointment.attendees ?? [];
    if (answered === undefined || known.appointment.ownedByUser !== true) return place(known);
    const status = method === 'COUNTER' && answered.status === 'none' ? 'tentative' : answered.status;
    const exception = known.appointment.exceptions?.find(({ originalStart }) => originalStart === occurrence);
    const attendees = exception?.attendees ?? known.appointment.attendees ?? [];
    const before = attendees.find(({ address }) => sameAddress(address, answered.address));
    if (before === undefined || (await this.#isUser(before.address, options))) return place(known);
    const proposal = method === 'COUNTER' ? { start: appointment.start, end: appointment.end } : undefined;
    if (says(before, { status, comment, proposal })) return place(known);
    const answer = {
      status,
      attendee: before.address,
      ...(comment !== undefined && { comment }),
      ...(proposal && { proposal }),
      ...(occurrence !== undefined && { occurrence }),
    };
    await this.calendar.respond(known.folder.id, known.id, answer, options);
    return place(known);
  }

  async #find(uid: string, options: Cancellable): Promise<Known | undefined> {
    const id = await this.calendar.resolveUid(uid, options);
    if (id === undefined) return undefined;
    for (const folder of await this.#calendars(options)) {
      const [found] = await this.calendar.read(folder.id, [id], options);
      if (found && !found.error) return { folder, id, appointment: found.item };
    }
    return undefined;
  }

  async #isInternal({ organizer }: Appointment, options: Cancellable): Promise<boolean> {
    if (organizer === undefined || this.#isOwn(organizer.address)) return true;
    return this.#isUser(organizer.address, options);
  }

  /** True for an address of somebody whom the groupware knows as its user. */
  async #isUser(address: string, options: Cancellable): Promise<boolean> {
    await this.people.loadAddresses([address], options);
    return this.people.byAddress(address) !== undefined;
  }

  #isOwn(address = ''): boolean {
    return this.user.addresses.some((own) => sameAddress(own, address));
  }

  /** The default calendar first. */
  async #calendars(options: Cancellable): Promise<FolderRef[]> {
    const all = (await this.folders(options)).filter(({ itemClass }) => itemClass === 'Calendar');
    const rank = ({ role, space }: Folder): number => (role === 'calendar' ? 0 : space === 'private' ? 1 : 2);
    return all.sort((a, b) => rank(a) - rank(b)).map(({ id, itemClass }) => ({ id, itemClass }));
  }
}

/** RFC 5546, "Message Sequencing": a higher number, or the same number and said later than the last change. */
function isNews({ sequence = 0, lastModified = 0, exceptions = [] }: Appointment, invitation: Invitation): boolean {
  const { occurrence } = invitation;
  const isFirst = occurrence !== undefined && !exceptions.some(({ originalStart }) => originalStart === occurrence);
  if (isFirst && invitation.sequence === sequence) return true;
  if (invitation.sequence !== sequence) return invitation.sequence > sequence;
  return (invitation.stamp ?? 0) > lastModified;
}

function withException({ exceptions = [] }: Appointment, changed: AppointmentException): Patch<Appointment> {
  const before = exceptions.find(({ originalStart }) => originalStart === changed.originalStart);
  const others = exceptions.filter((one) => one !== before);
  const merged = changed.deleted === true ? changed : { ...before, ...changed };
  return { exceptions: [...others, merged].sort((a, b) => a.originalStart - b.originalStart) };
}

/** What an occurrence may have for itself. */
function exceptionOf(appointment: Appointment): Omit<AppointmentException, 'originalStart'> {
  return omit(appointment, 'uid', 'organizer', 'timeZone', 'recurrence', 'exceptions', 'sequence');
}

/** True when the answer is known already. */
function says(
  { status, comment, proposedStart, proposedEnd }: Attendee,
  answer: { status: ParticipationStatus; comment: string | undefined; proposal: Proposal | undefined },
): boolean {
  const { start, end } = answer.proposal ?? {};
  return status === answer.status && comment === answer.comment && proposedStart === start && proposedEnd === end;
}

function place({ folder, id }: Known): Place {
  return { folder, id };
}

function sameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
