import type { Column } from '../columns/column';
import { Json } from '../envelope/envelope';
import { oxError } from '../envelope/ox-error';
import type { Filter } from '../store/filter';
import type { Objects } from '../store/objects';
import type { Call } from './call';
import { idText } from './ids';
import { listed } from './listed';
import type { Module } from './module';
import { type ObjectRules, idNumber, openFolder, visibleObjects } from './object-access';

/** `all`, `list`, `get` and `updates`, which contacts, tasks and most of the calendar answer alike. */
export function readingActions(rules: ObjectRules, sortOrders: Readonly<Record<number, string>> = {}): Module {
  return {
    all: (call) => {
      const objects = rules.objects(call.context);
      const filter = visibleObjects(call, openFolder(call, call.need('folder'), rules), rules);
      const { rows, newest } = objects.rows(
        columnsOf(call, objects),
        call.viewer,
        filter,
        orderOf(call, objects, sortOrders),
      );
      return { data: Json.array(rows), timestamp: newest };
    },

    list: (call) => {
      const objects = rules.objects(call.context);
      const columns = columnsOf(call, objects);
      const filters = new Map<string, Filter>();
      return listed(call, rules, ({ folder, id }) => {
        let filter = filters.get(folder);
        if (!filter) filters.set(folder, (filter = visibleObjects(call, openFolder(call, folder, rules), rules)));
        return objects.rows(columns, call.viewer, filter.and('t.id = ?', idNumber(id)));
      });
    },

    get: (call) => {
      const objects = rules.objects(call.context);
      const id = call.need('id');
      const filter = visibleObjects(call, openFolder(call, call.need('folder'), rules), rules).and(
        't.id = ?',
        idNumber(id),
      );
      const object = objects.object(call.viewer, filter);
      if (object === undefined) throw oxError(rules.codes.notFound, id, call.need('folder'));
      return { data: new Json(object), timestamp: objects.newest(filter) };
    },

    updates: (call) => {
      const objects = rules.objects(call.context);
      const open = openFolder(call, call.need('folder'), rules);
      const since = call.needInt('timestamp');
      const ignore = call.text('ignore') ?? (rules.hidesDeletions ? 'deleted' : '');
      const changed = visibleObjects(call, open, rules).and('f.last_modified > ?', since);
      const { rows, newest } = ignore.includes('changed')
        ? { rows: [], newest: 0 }
        : objects.rows(columnsOf(call, objects), call.viewer, changed, 'ORDER BY f.last_modified');
      const deleted = ignore.includes('deleted') ? { ids: [], newest: 0 } : objects.deletedSince(open.folder.id, since);
      return {
        data: Json.array([...rows, ...deleted.ids.map((id) => idText(id, call))]),
        timestamp: Math.max(since, newest, deleted.newest),
      };
    },
  };
}

/** The columns asked for. @throws OxError SVL-0002 */
export function columnsOf(call: Call, objects: Objects): readonly (Column | undefined)[] {
  return objects.columns.parse(call.need('columns'));
}

/** ORDER BY and LIMIT of a list request. OX HTTP API, "sort", "order", "left_hand_limit", "right_hand_limit". */
export function orderOf(call: Call, objects: Objects, sortOrders: Readonly<Record<number, string>> = {}): string {
  return `ORDER BY ${sortKeys(call, objects, sortOrders)}t.id ${limitOf(call)}`;
}

function sortKeys(call: Call, objects: Objects, sortOrders: Readonly<Record<number, string>>): string {
  const sort = call.int('sort');
  if (sort === undefined) return '';
  const column = objects.columns.byId(sort);
  const direction = /^desc/i.test(call.text('order') ?? '') ? 'DESC' : 'ASC';
  if (!column) return sortOrders[sort] === undefined ? '' : `${sortOrders[sort]} ${direction}, `;
  const value = column.sql ? column.sql(call.viewer) : `t."${column.name}"`;
  return `${value}${column.type === 'string' ? ' COLLATE NOCASE' : ''} ${direction}, `;
}

/** LIMIT and OFFSET; empty without limits. */
export function limitOf(call: Call): string {
  const [, from, to] = /^(\d+),(\d+)$/.exec(call.text('limit') ?? '') ?? [];
  const left = from === undefined ? (call.int('left_hand_limit') ?? 0) : Number(from);
  const right = to === undefined ? (call.int('right_hand_limit') ?? onlyCount(call)) : Number(to);
  if (right === undefined) return left > 0 ? `LIMIT -1 OFFSET ${left}` : '';
  return `LIMIT ${Math.max(0, right - left)} OFFSET ${Math.max(0, left)}`;
}

function onlyCount(call: Call): number | undefined {
  const limit = call.text('limit');
  return limit !== undefined && /^\d+$/.test(limit) ? Number(limit) : undefined;
}
