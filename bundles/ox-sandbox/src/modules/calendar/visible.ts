import { Filter } from '../../store/filter';
import type { Folder } from '../../store/folders';
import type { Call } from '../call';
import { type ObjectRules, folderNumber, isShared, openFolder, visibleObjects } from '../object-access';

/** What the user sees in the folder of the request, or in all calendars. */
export function requestedAppointments(call: Call, rules: ObjectRules): Filter {
  const folder = folderOf(call);
  if (folder === undefined) return readableAppointments(call);
  const open = openFolder(call, folder, rules);
  return call.flag('showPrivate') ? Filter.of('f.folder = ?', open.folder.id) : visibleObjects(call, open, rules);
}

/** What the user sees in all calendars; an object that lies in several is seen in the first, his own before others'. */
export function readableAppointments(call: Call): Filter {
  const { id: user } = call.user;
  const calendars = readableCalendars(call);
  const ids = calendars.map(({ id }) => id).join(',');
  const once = `f.folder = (SELECT p.folder FROM appointment_folder p WHERE p.id = t.id AND p.folder IN (${ids})
    ORDER BY p.user <> ${user} LIMIT 1)`;
  const conditions = calendars.map((folder) => `(${seenIn(call, folder)})`);
  return Filter.of(conditions.length === 0 ? '0' : conditions.join(' OR ')).and(once);
}

function seenIn({ context, user }: Call, folder: Folder): string {
  const own = context.folders.rights(folder.id, user.id).read < 2 ? ` AND t.created_by = ${user.id}` : '';
  const hidden = isShared(folder, user.id) ? ` AND (t.private_flag IS NOT 1 OR t.created_by = ${user.id})` : '';
  return `f.folder = ${folder.id}${own}${hidden}`;
}

function readableCalendars({ context: { folders }, user }: Call): Folder[] {
  return [...folders.all()].filter(({ id, module }) => module === 'calendar' && folders.rights(id, user.id).read > 0);
}

/** Calendars whose deletions a request is told of. */
export function requestedCalendars(call: Call): number[] {
  const folder = folderOf(call);
  return folder === undefined ? readableCalendars(call).map(({ id }) => id) : [folderNumber(folder)];
}

/** Folder 0 is no folder. */
function folderOf(call: Call): string | undefined {
  const folder = call.text('folder');
  return folder === '0' ? undefined : folder;
}
