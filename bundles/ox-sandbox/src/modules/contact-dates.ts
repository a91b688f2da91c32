import { Json } from '../envelope/envelope';
import { oxError } from '../envelope/ox-error';
import { Filter } from '../store/filter';
import type { Call } from './call';
import { contactFolders } from './contact-search';
import type { Module, Reply } from './module';
import { columnsOf } from './object-reading';

/** Contacts whose day of the year falls into a range: `birthdays`, `anniversaries`. */
export const anniversaryActions: Module = {
  birthdays: (call) => inRange(call, 'birthday'),
  anniversaries: (call) => inRange(call, 'anniversary'),
};

function inRange(call: Call, column: 'birthday' | 'anniversary'): Reply {
  const start = call.needInt('start');
  const end = call.needInt('end');
  if (end < start) throw oxError('SVL-0010', `end=${end}`);
  const { contacts } = call.context;
  const folder = call.text('folder');
  const filter = contactFolders(call, folder === undefined ? undefined : [folder]).and(`t.${column} IS NOT NULL`);
  const due = contacts.storedRows(filter).filter((contact) => returnsIn(Number(contact[column]), start, end));
  const columns = columnsOf(call, contacts);
  const rows = due.flatMap(({ id }) => contacts.rows(columns, call.viewer, Filter.of('t.id = ?', id)).rows);
  return { data: Json.array(rows) };
}

/** True if the day of the year of `date` comes between `start` and `end`. */
function returnsIn(date: number, start: number, end: number): boolean {
  const day = new Date(date);
  for (let year = new Date(start).getUTCFullYear(); year <= new Date(end).getUTCFullYear(); year++) {
    const time = Date.UTC(year, day.getUTCMonth(), day.getUTCDate());
    if (time >= start && time < end) return true;
  }
  return false;
}
