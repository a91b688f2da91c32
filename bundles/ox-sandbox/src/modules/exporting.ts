import { type ExportedEvent, writeCalendar } from '../export/ical';
import { writeCard } from '../export/vcard';
import type { SqlValue } from '../columns/body';
import { contactColumns } from '../columns/contacts';
import { calendarRules } from './calendar/rules';
import type { Call } from './call';
import { imageOf } from './contact-images';
import { contactRules } from './contacts';
import type { Module, Reply } from './module';
import { type ObjectRules, findObject, folderNumber, openFolder, reference, visibleObjects } from './object-access';
import { taskRules } from './tasks/rules';
import type { Stored } from '../store/objects';

/** OX HTTP API, "Module export": a folder, or the objects that the body names. */
export const exporting: Module = {
  VCARD: (call) => {
    const cards = chosen(call, contactRules).map((contact) => writeCard(contact, imageOf(call, contact.id)));
    return file(cards.join(''), 'text/x-vcard', 'contacts.vcf');
  },

  ICAL: (call) => {
    const folder = call.text('folder');
    const isTasks = folder !== undefined && call.context.folders.get(folderNumber(folder))?.module === 'tasks';
    const tasks = isTasks ? chosen(call, taskRules) : [];
    const events = isTasks ? [] : chosen(call, calendarRules).map((row) => withAlarm(call, row));
    return file(writeCalendar(events, tasks), 'text/calendar', 'calendar.ics');
  },

  CSV: (call) => {
    const columns = call.text('columns');
    const wanted = (columns === undefined ? contactColumns.stored : contactColumns.parse(columns)).flatMap(
      (column) => column ?? [],
    );
    const quote = (value: SqlValue = null): string => `"${(value ?? '').toString().replaceAll('"', '""')}"`;
    const lines = chosen(call, contactRules).map((contact) => wanted.map(({ name }) => quote(contact[name])).join(','));
    return file(
      [wanted.map(({ name }) => quote(name)).join(','), ...lines, ''].join('\r\n'),
      'text/csv',
      'contacts.csv',
    );
  },
};

function chosen(call: Call, rules: ObjectRules): Stored[] {
  const folder = call.text('folder');
  if (folder === undefined)
    return call.objects().map((element) => {
      const { folder: place, id } = reference(element);
      return findObject(call, place, id, rules).stored;
    });
  const objects = rules.objects(call.context);
  return objects.storedRows(visibleObjects(call, openFolder(call, folder, rules), rules), 'ORDER BY t.id');
}

function withAlarm(call: Call, row: Stored): ExportedEvent {
  const own = call.context.appointments.participations(row.id).find(({ user }) => user === call.user.id);
  return { row, alarm: own?.alarm ?? null };
}

function file(text: string, type: string, filename: string): Reply {
  return { content: Buffer.from(text), contentType: `${type}; charset=UTF-8`, filename };
}
