import {
  type Cancellable,
  type Folder,
  type FolderRef,
  GroupwareError,
  type Invitations,
  type WrittenItem,
} from '@oxtender/bundle-api';
import { readInvitation } from '../itip/invitation';
import { omit } from '../omit';
import type { OxCalendar } from './calendar';

/** The user's answers to invitations, and what invitations change in the calendar. */
export class OxInvitations implements Invitations {
  constructor(
    private readonly calendar: OxCalendar,
    private readonly folders: (options: Cancellable) => Promise<readonly Folder[]>,
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
    const id = await this.calendar.resolveUid(uid, options);
    if (id === undefined) return undefined;
    for (const folder of await this.#calendars(options)) {
      const [found] = await this.calendar.read(folder.id, [id], options);
      if (found && !found.error) return { folder, id };
    }
    return undefined;
  }

  /** RFC 5546: a request makes or changes the appointment, a cancellation takes it away. */
  async apply(calendar: string, options: Cancellable): ReturnType<Invitations['apply']> {
    const { method, appointment } = readInvitation(calendar);
    if (appointment.uid === undefined) throw new GroupwareError('INVALID', 'an invitation without UID');
    const known = await this.findByUid(appointment.uid, options);
    if (method === 'CANCEL') {
      if (!known) return undefined;
      const [result] = await this.calendar.delete(known.folder.id, [known.id], options);
      if (result?.error) throw result.error;
      return known;
    }
    if (method !== 'REQUEST' && method !== 'PUBLISH') return known;
    if (known) {
      await this.calendar.patch(known.folder.id, known.id, omit(appointment, 'uid'), options);
      return known;
    }
    const [folder] = await this.#calendars(options);
    if (!folder) throw new GroupwareError('NOT_FOUND', 'the user has no calendar');
    const { id } = await this.calendar.create(folder.id, appointment, { key: appointment.uid, ...options });
    return { folder, id };
  }

  /** The default calendar first. */
  async #calendars(options: Cancellable): Promise<FolderRef[]> {
    const all = (await this.folders(options)).filter(({ itemClass }) => itemClass === 'Calendar');
    const rank = ({ role, space }: Folder): number => (role === 'calendar' ? 0 : space === 'private' ? 1 : 2);
    return all.sort((a, b) => rank(a) - rank(b)).map(({ id, itemClass }) => ({ id, itemClass }));
  }
}
