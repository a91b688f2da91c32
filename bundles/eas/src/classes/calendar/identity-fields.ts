import type { Appointment, Mailbox, Patch } from '@oxtender/bundle-api';
import { type TableField, field } from '../../protocol/field-table';
import { isAtLeast } from '../../protocol/versions';
import { deviceUid, maxUid } from '../../uids/device-uid';
import { ItemError } from '../../values/item-error';
import { Calendar, type Element, element } from '../../wbxml';
import type { CalendarContext } from './calendar-context';

/** Who invites; always there, the user when nobody else is. Read for new appointments only. */
export const organizerFields: readonly TableField<Appointment, CalendarContext>[] = [
  organizer(Calendar.OrganizerName, ({ name, address }) => name ?? address),
  organizer(Calendar.OrganizerEmail, ({ address }) => address),
];

/** From 16.0 the server alone makes it. [MS-ASCAL] "UID". */
export const uidField: TableField<Appointment, CalendarContext> = field<Appointment, CalendarContext>({
  tag: Calendar.UID,
  keys: ['uid'],
  missing: 'keep',
  write: ({ uid }) => (uid === undefined ? undefined : element(Calendar.UID, deviceUid(uid))),
  read: (read, { version }) => (isAtLeast(version, '16.0') ? undefined : readUid(read)),
});

/** The device's own mark on an appointment that it makes, by which repeated requests are recognized. [MS-ASCAL] "ClientUid". */
export const clientUidField: TableField<Appointment, CalendarContext> = field<Appointment, CalendarContext>({
  tag: Calendar.ClientUid,
  since: '16.0',
  keys: ['uid'],
  missing: 'keep',
  read: readUid,
});

function readUid(read: Element): Patch<Appointment> | undefined {
  // iOS ends its ids with NUL.
  const uid = read.text.replaceAll('\0', '').trim();
  if (uid.length > maxUid) throw new ItemError('TOO_LARGE', 'UID is too long');
  return uid === '' ? undefined : { uid };
}

function organizer(tag: Element['tag'], part: (mailbox: Mailbox) => string): TableField<Appointment, CalendarContext> {
  return field<Appointment, CalendarContext>({
    tag,
    keys: ['organizer'],
    missing: 'keep',
    write: (appointment, { user }) =>
      element(tag, part(appointment.organizer ?? { name: user.displayName, address: user.primaryAddress })),
    read(_, { version, siblings }) {
      const name = siblings?.child(Calendar.OrganizerName)?.text ?? '';
      const address = siblings?.child(Calendar.OrganizerEmail)?.text ?? '';
      if (isAtLeast(version, '16.0') || address === '') return undefined;
      return { organizer: name === '' ? { address } : { name, address } };
    },
  });
}
