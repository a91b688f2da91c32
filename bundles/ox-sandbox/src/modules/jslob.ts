import { type Call, type JsonObject, asObject } from './call';
import type { Module } from './module';

const core = 'io.ox/core';

/** What the server itself knows; the client's own settings lie over it. */
function defaults(call: Call, id: string): JsonObject {
  const { user, context } = call;
  const standard = (number: number): string => String(context.folders.standard(user.id, number)?.id ?? '');
  if (id === core)
    return {
      ...{ timezone: user.timezone, language: user.locale, identifier: user.id, contactID: user.contact },
      folder: { tasks: standard(1), calendar: standard(2), contacts: standard(3) },
    };
  if (id !== 'io.ox/mail') return {};
  const path = (number: number): string => context.mailFolders.standard(user.id, number).path;
  return {
    ...{ defaultaddress: user.mail, defaultSendAddress: user.mail },
    folder: { inbox: path(7), drafts: path(9), sent: path(10), spam: path(11), trash: path(12) },
  };
}

/** OX HTTP API, "Module jslob": JSON settings of clients, by id. */
export const jslob: Module = {
  all: (call) => {
    const stored = call.context.users.settings(call.user.id, 'jslob/').map(({ name }) => name.slice('jslob/'.length));
    return { data: [...new Set([core, 'io.ox/mail', ...stored])].map((id) => lobOf(call, id)) };
  },

  list: (call) => ({ data: call.strings().map((id) => lobOf(call, id)) }),

  set: (call) => {
    write(call, call.need('id'), call.object());
    return {};
  },

  update: (call) => {
    const id = call.need('id');
    write(call, id, merge(stored(call, id), call.object()));
    return {};
  },
};

function lobOf(call: Call, id: string): JsonObject {
  return { id, tree: merge(defaults(call, id), stored(call, id)), meta: {} };
}

function stored(call: Call, id: string): JsonObject {
  return call.context.users.setting<JsonObject>(call.user.id, `jslob/${id}`) ?? {};
}

function write(call: Call, id: string, tree: JsonObject): void {
  call.context.users.setSetting(call.user.id, `jslob/${id}`, tree);
}

/** Objects are merged, anything else is replaced. */
function merge(base: JsonObject, changes: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(changes)) {
    if (name === '__proto__') continue;
    const known = merged[name];
    merged[name] = isObject(known) && isObject(value) ? merge(asObject(known), asObject(value)) : value;
  }
  return merged;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
