import { type Column, derived, json } from './column';

/** Columns of objects that have participants. OX HTTP API, "Participants", "User participant". */
export function peopleColumns(table: 'appointment' | 'task'): Column[] {
  const users = `(SELECT json_group_array(json_patch('{}', json_object('id', u.user, 'display_name', x.display_name,
    'confirm', u.confirm, 'confirmmessage', u.message))) FROM ${table}_user u LEFT JOIN user x ON x.id = u.user
    WHERE u.id = t.id AND u.confirm >= 0)`;
  return [json(220, 'participants'), derived(221, 'users', 'json', users)];
}

/** The viewer's reminder; in another's private folder the owner's. */
export function alarmSql(table: 'appointment' | 'task'): (viewer: { user: number }) => string {
  return ({ user }) =>
    `(SELECT u.alarm FROM ${table}_user u WHERE u.id = t.id AND u.user = coalesce(nullif(f.user, 0), ${user}))`;
}
