import { oxError } from '../envelope/ox-error';
import { readCalendar } from '../import/ical';
import type { Lose } from '../import/report';
import { readCard, splitCards } from '../import/vcard';
import { Call, type CallRequest, type JsonObject, without } from './call';
import { calendar } from './calendar';
import { contacts } from './contacts';
import type { Module, Reply } from './module';
import { tasks } from './tasks';

interface Imported {
  readonly id: unknown;
  readonly folder_id: string;
  readonly last_modified: number;
}

/** What has no place is left out here, as the original does; `sandbox:import` reports it. */
const leaveOut: Lose = () => undefined;

/** OX HTTP API, "Module import". */
export const importing: Module = {
  VCARD: (call) =>
    importAll(
      call,
      splitCards(textOf(call)).map((card) => () => create(call, contacts, readCard(card, leaveOut))),
    ),

  ICAL: (call) => {
    const { events, tasks: todos } = readCalendar(textOf(call), () => leaveOut);
    const folder = call.context.folders.get(Number(call.need('folder')));
    const [items, module] =
      folder?.module === 'tasks'
        ? [todos, tasks]
        : [events.filter(({ occurrence }) => occurrence === undefined), calendar];
    const ignoreUid = call.flag('ignoreUIDs');
    return importAll(
      call,
      items.map(
        ({ body }) =>
          () =>
            create(call, module, { ...(ignoreUid ? without(body, 'uid') : body), ignore_conflicts: true }),
      ),
    );
  },

  CSV: (call) => {
    const [header = [], ...lines] = readCsv(textOf(call));
    const rows = lines.map((line): JsonObject =>
      Object.fromEntries(header.map((name, index) => [name, line[index] ?? ''])),
    );
    return importAll(
      call,
      rows.map((row) => () => create(call, contacts, row)),
    );
  },
};

function textOf(call: Call): string {
  const file = call.body.kind === 'form' ? call.body.form.files[0] : undefined;
  if (!file) throw oxError('SVL-0002', 'file');
  return file.data.toString('utf8');
}

/** Each item for itself: a bad one is answered as its error. */
function importAll(call: Call, items: readonly (() => Imported)[]): Reply {
  if (items.length === 0) throw oxError('I_E-0304', 'there is nothing in it');
  const data = items.map((item): unknown => {
    try {
      return item();
    } catch (cause) {
      const error = call.server.toOxError(cause);
      return { error: error.message, code: error.code, category: error.category, error_params: [] };
    }
  });
  return { data };
}

function create(call: Call, module: Module, body: JsonObject): Imported {
  const folder_id = call.need('folder');
  const request: CallRequest = {
    params: { get: (name) => (name === 'timezone' ? 'UTC' : undefined) },
    body: { kind: 'json', value: { ...body, folder_id } },
  };
  const inner = new Call(call.server, call.session, request);
  const reply = call.context.transaction(() => module['new']?.(inner)) as { data: { id: unknown }; timestamp: number };
  return { id: reply.data.id, folder_id, last_modified: reply.timestamp };
}

/** RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.some((value) => value !== '')) rows.push(row);
    row = [];
  }
  return rows;
}
