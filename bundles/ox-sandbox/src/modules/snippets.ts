import { oxError } from '../envelope/ox-error';
import { type Call, type JsonObject, asText } from './call';
import type { Module } from './module';

interface SnippetRow {
  readonly id: number;
  readonly snippet: string;
}

/** OX HTTP API, "Module snippet": signatures. */
export const snippets: Module = {
  all: (call) => {
    const type = call.text('type');
    return {
      data: snippetsOf(call).filter(
        (snippet) => type === undefined || type.split(',').includes(String(snippet['type'])),
      ),
    };
  },

  get: (call) => ({ data: snippetOf(call, call.need('id')) }),

  list: (call) => ({ data: call.strings().map((id) => snippetOf(call, id)) }),

  new: (call) => {
    const { lastInsertRowid } = call.context.db.run(
      'INSERT INTO snippet (user, snippet) VALUES (?, ?)',
      call.user.id,
      JSON.stringify(call.object()),
    );
    return { data: String(lastInsertRowid) };
  },

  update: (call) => {
    const id = call.need('id');
    const snippet = { ...snippetOf(call, id), ...call.object() };
    call.context.db.run('UPDATE snippet SET snippet = ? WHERE id = ?', JSON.stringify(snippet), Number(id));
    return { data: snippetOf(call, id) };
  },

  delete: (call) => {
    const ids = call.text('id') === undefined ? call.strings() : [call.need('id')];
    for (const id of ids) call.context.db.run('DELETE FROM snippet WHERE id = ?', Number(snippetOf(call, id)['id']));
    return { data: [] };
  },
};

function snippetsOf({ context, user }: Call): JsonObject[] {
  return context.db
    .rows<SnippetRow>('SELECT id, snippet FROM snippet WHERE user = ? ORDER BY id', user.id)
    .map(({ id, snippet }) => ({
      ...{ type: 'signature', module: 'io.ox/mail', shared: false, misc: {}, accountid: 0 },
      ...(JSON.parse(snippet) as JsonObject),
      ...{ id: String(id), createdby: user.id },
    }));
}

function snippetOf(call: Call, id: string): JsonObject {
  const snippet = snippetsOf(call).find((candidate) => asText(candidate['id']) === id);
  if (!snippet) throw oxError('SNIPPET-0002', id);
  return snippet;
}
