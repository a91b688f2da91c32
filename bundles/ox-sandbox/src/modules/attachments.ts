import { ModuleNumber } from '../columns/common';
import { oxError } from '../envelope/ox-error';
import type { Attachment } from '../store/attachments';
import { toZoned } from '../store/zone';
import { calendarRules } from './calendar/rules';
import { type Call, type JsonObject, asText } from './call';
import { contactRules } from './contacts';
import { idOf } from './ids';
import type { Module, Reply } from './module';
import { type Found, type ObjectRules, covers, findObject } from './object-access';
import { taskRules } from './tasks/rules';

/** What an attachment of each module hangs on. */
const rulesByModule: Readonly<Record<number, ObjectRules>> = {
  [ModuleNumber.calendar]: calendarRules,
  [ModuleNumber.tasks]: taskRules,
  [ModuleNumber.contacts]: contactRules,
};

/** An object that files are attached to. */
interface Host extends Found {
  readonly module: number;
  readonly rules: ObjectRules;
}

/** OX HTTP API, "Module attachment". */
export const attachments: Module = {
  all: (call) => list(call, filesOf(call)),

  list: (call) => {
    const wanted = new Set(call.strings());
    return list(
      call,
      filesOf(call).filter(({ id }) => wanted.has(String(id))),
    );
  },

  updates: (call) => {
    const since = call.needInt('timestamp');
    return list(
      call,
      filesOf(call).filter(({ last_modified: stamp }) => stamp > since),
    );
  },

  get: (call) => {
    const file = fileOf(call);
    return { data: fields(call, file, call.need('folder')), timestamp: file.last_modified };
  },

  document: (call) => {
    const file = fileOf(call);
    return {
      content: call.context.attachments.data(file.id),
      contentType: call.text('content_type') ?? file.file_mimetype,
      filename: file.filename,
    };
  },

  attach: (call) => {
    if (call.body.kind !== 'form') throw oxError('SVL-0020', 'an upload is expected');
    const { fields: texts, files } = call.body.form;
    let timestamp = 0;
    const data: (string | number)[] = [];
    for (const [index, file] of files.entries()) {
      const json = texts.get(`json_${index}`) ?? texts.get('json_0') ?? '{}';
      const description = JSON.parse(json) as JsonObject;
      const host = hostOf(call, description);
      checkWrite(call, host);
      const { id } = call.context.attachments.add(
        {
          module: host.module,
          attached: host.stored.id,
          filename: asText(description['filename']) ?? file.filename,
          type: asText(description['file_mimetype']) ?? file.type,
          data: file.data,
        },
        call.user.id,
      );
      data.push(idOf(call, id));
      timestamp = host.rules.objects(call.context).update(host.stored.id, {}, call.user.id);
    }
    return { data, timestamp };
  },

  detach: (call) => {
    const host = hostOf(call, parameters(call));
    checkWrite(call, host);
    for (const id of call.strings()) {
      const file = call.context.attachments.get(host.module, host.stored.id, Number(id));
      if (!file) throw oxError('ATT-0001', id);
      call.context.attachments.delete(file.id);
    }
    return { data: [], timestamp: host.rules.objects(call.context).update(host.stored.id, {}, call.user.id) };
  },
};

function parameters(call: Call): JsonObject {
  return { module: call.need('module'), attached: call.need('attached'), folder: call.need('folder') };
}

/** @throws OxError SVL-0010 for a module without attachments, and those of the module's own access check */
function hostOf(call: Call, address: JsonObject): Host {
  const module = Number(address['module']);
  const rules = rulesByModule[module];
  if (!rules) throw oxError('SVL-0010', `module=${module}`);
  const folder = asText(address['folder']) ?? '';
  return { ...findObject(call, folder, asText(address['attached']) ?? '', rules), module, rules };
}

function checkWrite(call: Call, host: Host): void {
  if (!covers(host.rights.write, host, call.user.id)) throw oxError('ATT-0401');
}

function filesOf(call: Call): Attachment[] {
  const { module, stored } = hostOf(call, parameters(call));
  return call.context.attachments.of(module, stored.id);
}

function fileOf(call: Call): Attachment {
  const id = call.need('id');
  const file = filesOf(call).find((candidate) => String(candidate.id) === id);
  if (!file) throw oxError('ATT-0001', id);
  return file;
}

/** Columns by number. OX HTTP API, "Attachment object". */
const columns: Readonly<Record<number, string>> = {
  1: 'id',
  2: 'created_by',
  4: 'creation_date',
  5: 'last_modified',
  6: 'last_modified_utc',
  800: 'folder',
  801: 'attached',
  802: 'module',
  803: 'filename',
  804: 'file_size',
  805: 'file_mimetype',
  806: 'rtf_flag',
};

function fields(call: Call, file: Attachment, folder: string): JsonObject {
  return {
    ...file,
    id: idOf(call, file.id),
    folder: Number(folder.replace(/^cal:\/\/0\//, '')),
    creation_date: toZoned(file.creation_date, call.viewer.zone),
    last_modified: toZoned(file.last_modified, call.viewer.zone),
    last_modified_utc: file.last_modified,
    rtf_flag: file.rtf_flag === 1,
  };
}

function list(call: Call, files: readonly Attachment[]): Reply {
  const names = call
    .need('columns')
    .split(',')
    .map((id) => columns[Number(id)]);
  const folder = call.need('folder');
  const data = files.map((file) => {
    const values = fields(call, file, folder);
    return names.map((name) => (name === undefined ? null : (values[name] ?? null)));
  });
  return { data, timestamp: Math.max(0, ...files.map(({ last_modified: stamp }) => stamp)) };
}
