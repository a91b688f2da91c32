import type { BusyStatus, Instant, Occurrence } from '@oxtender/bundle-api';
import { type TableField, field } from '../../protocol/field-table';
import { coded, integer, text, textList } from '../../protocol/fields';
import { Calendar, type Tag, element } from '../../wbxml';
import { bodyFields } from '../body';
import { sensitivityField } from '../importance';
import { placeFields } from '../location';
import { type CalendarContext } from './calendar-context';
import { formatTime, readTime } from './appointment-times';
import { attendeesField } from './attendees';

/** What appointments and their exceptions have in common. Both tables are made of these. */
export type Common = Partial<Occurrence>;

/** Limit of a list. [MS-ASCAL] "Category". */
const maxCategories = 300;

/** [MS-ASCAL] "BusyStatus"; 4 is for devices of 16.x only. */
const busyCodes: Readonly<Record<BusyStatus, number>> = { free: 0, tentative: 1, busy: 2, away: 3, elsewhere: 4 };

export const subject = text<Common>(Calendar.Subject, 'title');
export const reminder = integer<Common>(Calendar.Reminder, 'reminder');
export const sensitivity = sensitivityField<Common>(Calendar.Sensitivity);
export const categories = textList<Common>(Calendar.Categories, Calendar.Category, 'categories', {
  max: maxCategories,
});
export const location = placeFields<Common>(Calendar.Location);
export const startTime = time(Calendar.StartTime, 'start');
export const endTime = time(Calendar.EndTime, 'end');
export const attendees = attendeesField as unknown as TableField<Common, CalendarContext>;
export const body = bodyFields<Common>({
  body: Calendar.Body,
  truncated: Calendar.BodyTruncated,
  compressedRtf: Calendar.CompressedRTF,
});
export const busyStatus: readonly TableField<Common, CalendarContext>[] = [
  coded<Common, BusyStatus>(Calendar.BusyStatus, 'busyStatus', busyCodes, { since: '16.0' }),
  upTo14('busyStatus'),
];

/** Elsewhere is busy to a device that does not know the word. */
function upTo14(key: 'busyStatus'): TableField<Common, CalendarContext> {
  const known = coded<Common, BusyStatus>(Calendar.BusyStatus, key, busyCodes, { until: '14.1' });
  return {
    ...known,
    write: (item, context) =>
      known.write?.(item.busyStatus === 'elsewhere' ? { ...item, busyStatus: 'busy' } : item, context),
  };
}

/** A time is required: what is left out, empty or no date leaves it as it is. */
function time(tag: Tag, key: 'start' | 'end'): TableField<Common, CalendarContext> {
  return field<Common, CalendarContext>({
    tag,
    keys: [key],
    missing: 'keep',
    write: (item, context) => (item[key] === undefined ? undefined : element(tag, formatTime(item[key], context))),
    read(read, context) {
      const instant: Instant | undefined = readTime(read.text, context);
      return instant === undefined ? undefined : { [key]: instant };
    },
  });
}
