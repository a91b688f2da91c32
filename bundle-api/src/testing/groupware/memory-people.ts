import type { Appointment, AppointmentException, Attendee, ParticipationStatus } from '../../model/appointment';
import type { Contact } from '../../model/contact';
import type { Directory, DirectoryEntry } from '../../services/groupware/directory';
import type { BusyPeriod, FreeBusy } from '../../services/groupware/free-busy';
import type { Invitations } from '../../services/groupware/invitations';
import type { OutOfOfficeSettings } from '../../services/groupware/out-of-office';
import type { MemoryAccount, MemoryGroup } from './memory-account';
import type { MemoryCalls } from './memory-calls';
import type { MemoryFolder, StoredItem } from './memory-folder';
import { readInvitation } from './invitation';

type Proposal = Parameters<Invitations['respond']>[2]['proposal'];

/** {@link Invitations} of one user. */
export function memoryInvitations(calls: MemoryCalls, own: readonly string[]): Invitations {
  const { store, login } = calls;
  const find = (uid: string): { folder: MemoryFolder; stored: StoredItem } | undefined =>
    store
      .visibleFolders(login)
      .filter(({ folder }) => folder.itemClass === 'Calendar')
      .flatMap((folder) => [...folder.items.values()].map((stored) => ({ folder, stored })))
      .find(({ stored }) => (stored.item as Appointment).uid === uid);
  const place = ({ folder, stored }: { folder: MemoryFolder; stored: StoredItem }) => ({
    folder: { id: folder.folder.id, itemClass: folder.folder.itemClass },
    id: stored.id,
  });

  return {
    respond: (folder, id, { status, proposal, occurrence }, { signal }) =>
      calls.run('respond', { signal, folderId: folder.id }, () => {
        const target = store.folder(login, folder.id);
        const before = store.item(target, id).item as Appointment;
        const patch =
          occurrence === undefined
            ? { ownStatus: status, attendees: withAnswer(before.attendees, own, { status, proposal }) }
            : { exceptions: withOccurrence(before.exceptions, { originalStart: occurrence, ownStatus: status }) };
        const { changedAt } = store.change(target, id, patch);
        return { id, version: String(changedAt) };
      }),
    findByUid: (uid, { signal }) =>
      calls.run('findByUid', { signal }, () => {
        const found = find(uid);
        return found && place(found);
      }),
    apply: (calendar, { signal }) =>
      calls.run('apply', { signal }, () => {
        const { method, appointment } = readInvitation(calendar);
        const known = appointment.uid === undefined ? undefined : find(appointment.uid);
        if (known) {
          const patch = method === 'CANCEL' ? { cancelled: true } : appointment;
          return place({ folder: known.folder, stored: store.change(known.folder, known.stored.id, patch) });
        }
        if (method === 'CANCEL') return undefined;
        const folder = store.folderByRole(login, 'calendar');
        return place({ folder, stored: store.put(folder, login, { item: appointment }) });
      }),
  };
}

/** Who is in the address list. */
export interface MemoryPeople {
  readonly accounts: () => readonly MemoryAccount[];
  readonly groups: () => readonly MemoryGroup[];
}

/** {@link Directory}: all users of the groupware and its groups, and the caller's contacts when asked for. */
export function memoryDirectory(calls: MemoryCalls, { accounts, groups }: MemoryPeople): Directory {
  const { store, login } = calls;
  const users = (): DirectoryEntry[] =>
    accounts().map(({ user, directory }) => ({
      ...directory.entry,
      kind: 'user',
      displayName: user.displayName,
      address: user.primaryAddress,
    }));
  const lists = (): DirectoryEntry[] =>
    groups().map(({ displayName, address = '', members }) => ({
      kind: 'group',
      displayName,
      address,
      members: members.map((member) => ({ address: member })),
    }));
  const directoryOf = (address: string) =>
    accounts().find(({ user }) => user.addresses.includes(address.toLowerCase()))?.directory;
  const contacts = (): Contact[] =>
    store
      .visibleFolders(login)
      .filter(({ folder }) => folder.itemClass === 'Contacts')
      .flatMap(({ items }) => [...items.values()].map(({ item }) => item as Contact));

  return {
    search: (text, { signal, offset, limit, contacts: own }) =>
      calls.run('directory.search', { signal }, () => {
        const entries = [...users(), ...lists(), ...(own === true ? contacts().map(entryOf) : [])]
          .filter((entry) => Object.values(entry).some((value) => startsWith(value, text)))
          .sort((a, b) => a.displayName.localeCompare(b.displayName));
        return { entries: entries.slice(offset, offset + limit), total: entries.length };
      }),
    picture: (address, { signal }) =>
      calls.run('directory.picture', { signal }, () => {
        const { picture: own } = directoryOf(address) ?? {};
        if (own) return own;
        const picture = contacts().find(({ email1 }) => email1 === address)?.picture;
        return picture && { contentType: picture.contentType, data: Buffer.from(picture.data, 'base64') };
      }),
    certificates: (address, { signal }) =>
      calls.run('directory.certificates', { signal }, () => directoryOf(address)?.certificates ?? []),
  };
}

/** {@link FreeBusy}: a series counts with its first occurrence only. */
export function memoryFreeBusy(calls: MemoryCalls): FreeBusy {
  const { store } = calls;
  return {
    query: (addresses, range, { signal }) =>
      calls.run('freeBusy', { signal }, () =>
        addresses.map((address) => {
          const login = calls.loginOf(address);
          if (login === undefined) return undefined;
          return store
            .visibleFolders(login)
            .filter(({ folder }) => folder.itemClass === 'Calendar' && folder.space === 'private')
            .flatMap(({ items }) => [...items.values()].flatMap(({ item }) => busyPeriod(item as Appointment)))
            .filter(({ start, end }) => start < range.end && end > range.start);
        }),
      ),
  };
}

/** {@link OutOfOfficeSettings} kept in the account. */
export function memoryOutOfOffice(calls: MemoryCalls, account: MemoryAccount): OutOfOfficeSettings {
  return {
    get: ({ signal }) => calls.run('outOfOffice.get', { signal }, () => account.outOfOffice),
    set: (value, { signal }) =>
      calls.run('outOfOffice.set', { signal }, () => {
        account.outOfOffice = value;
      }),
  };
}

function withAnswer(
  attendees: Appointment['attendees'],
  own: readonly string[],
  { status, proposal }: { status: ParticipationStatus; proposal: Proposal | undefined },
): readonly Attendee[] {
  const times = proposal && { proposedStart: proposal.start, proposedEnd: proposal.end };
  return (attendees ?? []).map((one) => {
    if (!own.includes(one.address)) return one;
    const { name, address, role, comment } = one;
    return { ...(name && { name }), address, role, status, ...(comment && { comment }), ...times };
  });
}

function withOccurrence(
  exceptions: Appointment['exceptions'],
  answer: AppointmentException,
): readonly AppointmentException[] {
  const before = exceptions?.find(({ originalStart }) => originalStart === answer.originalStart);
  const others = exceptions?.filter((one) => one !== before) ?? [];
  return [...others, { ...before, ...answer }];
}

function entryOf(contact: Contact): DirectoryEntry {
  const { displayName = '', email1 = '', firstName, lastName } = contact;
  return {
    kind: 'contact',
    displayName,
    address: email1,
    ...(firstName && { firstName }),
    ...(lastName && { lastName }),
  };
}

function startsWith(value: unknown, text: string): boolean {
  const wanted = text.toLowerCase();
  return (
    typeof value === 'string' &&
    value
      .toLowerCase()
      .split(/\s/)
      .some((word) => word.startsWith(wanted))
  );
}

function busyPeriod({ start, end, busyStatus = 'busy' }: Appointment): BusyPeriod[] {
  if (busyStatus === 'free') return [];
  return [{ start, end, status: busyStatus === 'elsewhere' ? 'busy' : busyStatus }];
}
