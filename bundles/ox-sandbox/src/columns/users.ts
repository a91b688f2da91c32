import { type Column, derived } from './column';
import { ColumnTable } from './column-table';
import { contactColumns } from './contacts';

/** The user's own columns; `x` is the user's row. OX HTTP API, "Detailed user data". */
const own: readonly Column[] = [
  derived(610, 'aliases', 'json', 'x.aliases'),
  derived(611, 'timezone', 'string', 'x.timezone'),
  derived(612, 'locale', 'string', 'x.locale'),
  derived(
    613,
    'groups',
    'json',
    `(SELECT json_group_array(g.id) FROM user_group g
    WHERE g.id = 0 OR EXISTS (SELECT 1 FROM json_each(g.members) m WHERE m.value = x.id))`,
  ),
  derived(614, 'contact_id', 'string', 'CAST(x.contact AS TEXT)'),
  derived(615, 'login_info', 'string', 'x.login'),
  derived(616, 'guest_created_by', 'int', '0'),
];

const renumbered = new Set(own.map(({ id }) => id));

/**
 * A user is his entry in the global address book under his own id. Numbers from 610 on mean his own columns here, and
 * other things in contacts.
 */
export const userColumns = new ColumnTable([
  derived(1, 'id', 'id', 'x.id'),
  ...contactColumns.columns.filter(({ id, name }) => name !== 'id' && !renumbered.has(id)),
  ...own,
]);

/** What goes after FROM. */
export const userSource = `user x JOIN contact t ON t.id = x.contact
  JOIN (SELECT 6 AS folder, 0 AS user) f`;
