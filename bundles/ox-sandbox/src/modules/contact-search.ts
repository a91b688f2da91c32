import { contactColumns, contactSortOrders } from '../columns/contacts';
import { Json } from '../envelope/envelope';
import { oxError } from '../envelope/ox-error';
import { Filter } from '../store/filter';
import type { Call, JsonObject } from './call';
import { like, startsLike } from './like';
import type { Module, Reply } from './module';
import { columnsOf, orderOf } from './object-reading';
import { isShared } from './object-access';
import { searchTerm } from './search-term';

/** `search`, `advancedSearch` and `autocomplete`. */
export const searchActions: Module = {
  search: (call) => found(call, searchFilter(call, call.object())),

  advancedSearch: (call) => {
    const term = call.object()['filter'];
    const folder = call.text('folder');
    const { sql, parameters } = searchTerm(term, {
      columnOf(field) {
        const column = contactColumns.byName(field);
        if (!column) return undefined;
        return field === 'folder_id' ? 'f.folder' : column.sql ? column.sql(call.viewer) : `t."${field}"`;
      },
    });
    return found(call, contactFolders(call, folder === undefined ? undefined : [folder]).and(sql, ...parameters));
  },

  autocomplete: (call) => {
    const folder = call.text('folder');
    const words = call
      .need('query')
      .split(/[\s,]+/)
      .filter(Boolean);
    let filter = contactFolders(call, folder === undefined ? undefined : [folder]);
    for (const word of words)
      filter = filter.and(anyOf(autocompleteColumns), ...autocompleteColumns.map(() => startsLike(word)));
    if (call.text('email') !== 'false') filter = filter.and(hasAddress);
    return found(call, filter);
  },
};

const autocompleteColumns = ['display_name', 'first_name', 'last_name', 'email1', 'email2', 'email3'];

const hasAddress =
  't.email1 IS NOT NULL OR t.email2 IS NOT NULL OR t.email3 IS NOT NULL OR t.mark_as_distributionlist = 1';

/** Columns that a search body may name. */
const searchable = ['last_name', 'first_name', 'display_name', 'email1', 'email2', 'email3', 'company', 'categories'];

function searchFilter(call: Call, body: JsonObject): Filter {
  const folders = body['folder'] === undefined ? undefined : [body['folder']].flat().map(String);
  let filter = contactFolders(call, folders);
  const excluded = [body['exclude_folders'] ?? []].flat().map(Number);
  for (const folder of excluded) filter = filter.and('f.folder <> ?', folder);
  if (body['emailAutoComplete'] === true) filter = filter.and(hasAddress);
  const { pattern } = body;
  if (typeof pattern === 'string' && pattern !== '')
    return filter.and(
      `t.display_name LIKE ? ESCAPE '\\'`,
      body['startletter'] === true ? startsLike(pattern) : like(pattern),
    );
  const terms = searchable.flatMap((name) => {
    const value = body[name];
    return typeof value === 'string' && value !== ''
      ? [{ name, value: body['exactMatch'] === true ? value : like(value) }]
      : [];
  });
  if (terms.length === 0) return filter;
  const conditions = terms.map(({ name }) => `t."${name}" LIKE ? ESCAPE '\\'`);
  return filter.and(conditions.join(body['orSearch'] === true ? ' OR ' : ' AND '), ...terms.map(({ value }) => value));
}

/** What the user may see in all contact folders, or in those named. */
export function contactFolders(call: Call, ids: readonly string[] | undefined): Filter {
  const { folders } = call.context;
  const wanted = ids && new Set(ids.map(Number));
  const readable = [...folders.all()].filter(
    (folder) =>
      folder.module === 'contacts' &&
      (!wanted || wanted.has(folder.id)) &&
      folders.rights(folder.id, call.user.id).read > 0,
  );
  if (wanted && readable.length === 0) throw oxError('CON-0104', [...wanted].join(','));
  const conditions = readable.map((folder) => {
    const own = folders.rights(folder.id, call.user.id).read < 2 ? ` AND t.created_by = ${call.user.id}` : '';
    const hidden = isShared(folder, call.user.id)
      ? ` AND (t.private_flag IS NOT 1 OR t.created_by = ${call.user.id})`
      : '';
    return `f.folder = ${folder.id}${own}${hidden}`;
  });
  return Filter.of(conditions.length === 0 ? '0' : conditions.map((condition) => `(${condition})`).join(' OR '));
}

/** `all` without a folder, as 6.x has it. */
export function allContacts(call: Call): Reply {
  return found(call, contactFolders(call, undefined));
}

function found(call: Call, filter: Filter): Reply {
  const { contacts } = call.context;
  const { rows, newest } = contacts.rows(
    columnsOf(call, contacts),
    call.viewer,
    filter,
    orderOf(call, contacts, contactSortOrders),
  );
  return { data: Json.array(rows), timestamp: newest };
}

function anyOf(columns: readonly string[]): string {
  return columns.map((column) => `t."${column}" LIKE ? ESCAPE '\\'`).join(' OR ');
}
