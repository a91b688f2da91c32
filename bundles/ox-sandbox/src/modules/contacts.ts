import { type Values, readBody } from '../columns/body';
import { contactColumns, contactSortOrders } from '../columns/contacts';
import { Json } from '../envelope/envelope';
import { oxError } from '../envelope/ox-error';
import { globalAddressBook } from '../store/context';
import { Filter } from '../store/filter';
import { type Folder, FolderType } from '../store/folders';
import { randomUUID } from 'node:crypto';
import type { Call, JsonObject } from './call';
import { anniversaryActions } from './contact-dates';
import { readImage, writeImage } from './contact-images';
import { allContacts, searchActions } from './contact-search';
import { idOf } from './ids';
import type { Module } from './module';
import {
  type Found,
  type ObjectRules,
  type OpenFolder,
  checkWrite,
  covers,
  findObject,
  openFolder,
  reference,
} from './object-access';
import { columnsOf, readingActions } from './object-reading';

export const contactRules: ObjectRules = {
  module: 'contacts',
  objects: ({ contacts }) => contacts,
  hidesDeletions: true,
  list: { repeats: 'beside others', skipsRefused: false },
  codes: {
    notFound: 'CON-0125',
    conflict: 'CON-0119',
    wrongFolder: 'CON-0103',
    notVisible: 'CON-0104',
    noRead: 'CON-0104',
    noCreate: 'CON-0112',
    noWrite: 'CON-0176',
    noDelete: 'CON-0169',
    tooLong: 'CON-0154',
  },
};

const reading = readingActions(contactRules, contactSortOrders);

/** OX HTTP API, "Module contacts". */
export const contacts: Module = {
  ...reading,
  ...searchActions,
  ...anniversaryActions,

  all: (call) => {
    return call.text('folder') === undefined && call.viewer.numericIds
      ? allContacts(call)
      : (reading['all']?.(call) ?? {});
  },

  new: (call) => {
    const body = call.object();
    const folder = body['folder_id'];
    if (typeof folder !== 'string' && typeof folder !== 'number') throw oxError('SVL-0002', 'folder_id');
    const open = openFolder(call, String(folder), contactRules);
    if (open.rights.folder < 2) throw oxError('CON-0112', open.folder.id);
    const values = contactValues(call, body, open.folder);
    values['uid'] ??= randomUUID();
    values['display_name'] ??= composedName(values);
    const id = call.context.contacts.insert(values, open.folder.id, call.user.id);
    writeImage(call, id, readImage(call, body));
    return { data: { id: idOf(call, id) }, timestamp: call.context.contacts.stored(id)?.last_modified ?? 0 };
  },

  update: (call) => {
    const body = call.object();
    const found = findObject(call, call.need('folder'), call.need('id'), contactRules);
    checkWrite(call, found, contactRules);
    return { data: {}, timestamp: change(call, found, body) };
  },

  delete: (call) => {
    const kept: unknown[] = [];
    let timestamp = 0;
    for (const element of call.objects()) {
      const { folder, id } = reference(element);
      const found = findObject(call, folder, id, contactRules);
      if (found.folder.id === globalAddressBook) throw oxError('CON-0260');
      if (!covers(found.rights.delete, found, call.user.id)) throw oxError('CON-0169', id);
      if (found.stored.last_modified > call.timestamp) kept.push({ id, folder });
      else timestamp = call.context.contacts.delete(found.stored.id);
    }
    return { data: kept, timestamp };
  },

  listuser: (call) => {
    const columns = columnsOf(call, call.context.contacts);
    const rows = call
      .strings()
      .flatMap((user) =>
        userContact(call, Number(user), (filter) => call.context.contacts.rows(columns, call.viewer, filter).rows),
      );
    return { data: Json.array(rows) };
  },

  getuser: (call) => {
    const id = call.needInt('id');
    const [object] = userContact(call, id, (filter) => {
      const text = call.context.contacts.object(call.viewer, filter);
      return text === undefined ? [] : [text];
    });
    if (object === undefined) throw oxError('CON-0125', id);
    return { data: new Json(object) };
  },
};

function userContact<T>(call: Call, user: number, read: (filter: Filter) => T[]): T[] {
  const contact = call.context.users.get(user)?.contact;
  return contact === undefined ? [] : read(Filter.of('t.id = ?', contact));
}

/** @returns the new last_modified */
function change(call: Call, found: Found, body: JsonObject): number {
  const { contacts: objects } = call.context;
  const { stored } = found;
  const target = targetOf(call, found, body);
  const values = contactValues(call, body, target?.folder ?? found.folder, stored['private_flag'] === 1);
  if (found.folder.id === globalAddressBook && 'email1' in values && values['email1'] !== stored['email1'])
    throw oxError('CON-0173');
  const image = readImage(call, body);
  const changed = Object.fromEntries(Object.entries(values).filter(([name, value]) => stored[name] !== value));
  if (Object.keys(changed).length === 0 && !target && image === undefined) throw oxError('CON-0122');
  writeImage(call, stored.id, image);
  const stamp = objects.update(stored.id, changed, call.user.id);
  if (!target) return stamp;
  return objects.move(stored.id, found.folder.id, target.folder.id, call.user.id);
}

/** The folder that the contact is moved to, if it is. */
function targetOf(call: Call, found: Found, body: JsonObject): OpenFolder | undefined {
  const id = body['folder_id'];
  if ((typeof id !== 'string' && typeof id !== 'number') || String(id) === String(found.folder.id)) return undefined;
  const target = openFolder(call, String(id), contactRules);
  if (found.folder.id === globalAddressBook) throw oxError('CON-0260');
  if (target.rights.folder < 2) throw oxError('CON-0112', String(id));
  if (!covers(found.rights.delete, found, call.user.id)) throw oxError('CON-0169', found.stored.id);
  if (found.stored['private_flag'] === 1 && target.folder.type !== FolderType.private) throw oxError('CON-0165');
  return target;
}

function contactValues(call: Call, body: JsonObject, folder: Folder, isPrivate = false): Values {
  const values = readBody(contactColumns, body, { zone: call.viewer.zone, tooLong: 'CON-0154' });
  const willBePrivate = 'private_flag' in values ? values['private_flag'] === 1 : isPrivate;
  if (willBePrivate && folder.type !== FolderType.private) throw oxError('CON-0171');
  if ('distribution_list' in values) {
    const members = (body['distribution_list'] ?? []) as JsonObject[];
    for (const { mail } of members) if (typeof mail !== 'string' || mail === '') throw oxError('CON-0177');
    values['mark_as_distributionlist'] = members.length > 0 ? 1 : 0;
  }
  return values;
}

/** What the original puts together when the client sends no display name. */
function composedName(values: Values): string | null {
  const names = [values['last_name'], values['first_name']].filter((name) => typeof name === 'string');
  return names.length > 0 ? names.join(', ') : null;
}
