import { readBody } from '../columns/body';
import { contactColumns } from '../columns/contacts';
import { objectSql, rowSql } from '../columns/select';
import { userColumns, userSource } from '../columns/users';
import { Json } from '../envelope/envelope';
import { oxError } from '../envelope/ox-error';
import { Filter } from '../store/filter';
import { type Call, asText } from './call';
import { like, startsLike } from './like';
import type { Module, Reply } from './module';

/** OX HTTP API, "Module user". */
export const users: Module = {
  all: (call) => rows(call, Filter.all),

  list: (call) => {
    const ids = call.json();
    const wanted = (Array.isArray(ids) ? (ids as unknown[]) : [ids]).map((id) =>
      id === null ? call.user.id : Number(id),
    );
    return Json.array(wanted.flatMap((id) => rowTexts(call, Filter.of('x.id = ?', id)))).asAnswer();
  },

  get: (call) => {
    const id = call.int('id') ?? call.user.id;
    const sql = `SELECT ${objectSql(userColumns.columns, call.viewer)} FROM ${userSource} WHERE x.id = ?`;
    const object = call.context.db.value<string>(sql, id);
    if (object === undefined) throw oxError('USR-0002', id);
    return { data: new Json(object), timestamp: call.context.users.get(id)?.lastModified ?? 0 };
  },

  update: (call) => {
    const id = call.needInt('id');
    if (id !== call.user.id) throw oxError('CON-0176', id);
    const body = call.object();
    const { users: store, contacts } = call.context;
    const timezone = asText(body['timezone']);
    const locale = asText(body['locale']);
    store.update(id, { ...(timezone === undefined ? {} : { timezone }), ...(locale === undefined ? {} : { locale }) });
    const values = readBody(contactColumns, body, { zone: call.viewer.zone, tooLong: 'CON-0154' });
    const stored = contacts.stored(call.user.contact);
    if ('email1' in values && values['email1'] !== stored?.['email1']) throw oxError('CON-0173');
    return { timestamp: contacts.update(call.user.contact, values, call.user.id) };
  },

  search: (call) => {
    const body = call.object();
    const { pattern, startletter } = body;
    const start = startletter === true ? startsLike : like;
    const names = ['display_name', 'first_name', 'last_name', 'email1'] as const;
    const terms = names.flatMap((name) => {
      const value = asText(body[name]) ?? (name === 'display_name' ? asText(pattern) : undefined);
      return value === undefined || value === '*' ? [] : [{ name, value: start(value) }];
    });
    if (terms.length === 0) return rows(call, Filter.all);
    const conditions = terms.map(({ name }) => `t."${name}" LIKE ? ESCAPE '\\'`);
    const either = body['orSearch'] === true || body['emailAutoComplete'] === true;
    return rows(call, Filter.of(conditions.join(either ? ' OR ' : ' AND '), ...terms.map(({ value }) => value)));
  },

  getAttribute: (call) => {
    const name = call.need('name');
    const value = call.context.users.setting(call.needInt('id'), `attribute/${name}`);
    return { data: { name, value: value ?? null } };
  },

  setAttribute: (call) => {
    const { name, value } = call.object();
    const key = asText(name);
    if (key === undefined) throw oxError('SVL-0002', 'name');
    const known = call.context.users.setting(call.user.id, `attribute/${key}`);
    const set = !call.flag('setIfAbsent') || known === undefined;
    if (set) call.context.users.setSetting(call.user.id, `attribute/${key}`, value ?? null);
    return { data: set };
  },
};

/** `user/me`; 7.x and later. */
export const currentUser: Module = {
  get: ({ context, user }) => ({
    data: {
      context_id: context.id,
      user_id: user.id,
      context_admin: 2,
      login_name: user.login,
      display_name: user.displayName,
    },
  }),
};

function rows(call: Call, filter: Filter): Reply {
  return Json.array(rowTexts(call, filter)).asAnswer();
}

function rowTexts(call: Call, filter: Filter): string[] {
  const sql = `SELECT ${rowSql(userColumns.parse(call.need('columns')), call.viewer)} FROM ${userSource} ${filter.where} ORDER BY x.id`;
  return call.context.db.values<string>(sql, ...filter.parameters);
}
