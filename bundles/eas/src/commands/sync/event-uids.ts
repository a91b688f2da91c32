import type { Appointment, CollectionSync, Message } from '@oxtender/bundle-api';
import { parseCalendarPart } from '../../classes/email/calendar-part';
import type { CommandCall } from '../../protocol/command';
import { isShortened, maxUid } from '../../uids/device-uid';
import type { UidMapping } from '../../uids/uid-mapping';
import type { PlannedChange } from './client-changes';

/** Knows again the UIDs that the device is about to get in the place of longer ones: of events, and in mails about them. */
export async function rememberUids(result: CollectionSync, uids: UidMapping, { session }: CommandCall): Promise<void> {
  const { user } = session;
  const told = result.changes.flatMap((change) => {
    if (change.kind !== 'add' && change.kind !== 'change') return [];
    if (result.itemClass === 'Calendar') return (change.item as Appointment).uid ?? [];
    const { calendar = '' } = result.itemClass === 'Email' ? (change.item as Message) : {};
    return calendar.length <= maxUid ? [] : (parseCalendarPart(calendar, user.timeZone)?.uid ?? []);
  });
  await uids.remember(user, told);
}

/** An event that the device copied from what it was told gets the calendar's UID back. */
export async function restoreUids(
  planned: readonly PlannedChange[],
  uids: UidMapping,
  { session }: CommandCall,
): Promise<PlannedChange[]> {
  return Promise.all(
    planned.map(async (one) => {
      if (one.change?.kind !== 'add') return one;
      const { uid } = one.change.item as Appointment;
      if (uid === undefined || !isShortened(uid)) return one;
      const item = { ...one.change.item, uid: await uids.original(session.user, uid) };
      return { ...one, change: { ...one.change, item } };
    }),
  );
}
