import { oxError } from '../../envelope/ox-error';
import { type Call, asText } from '../call';
import type { Module } from '../module';
import { addRule, changeRule, deleteRule, orderRules, rulesOf } from './rules';

const actions: Module = {
  list: (call) => {
    const flag = call.text('flag');
    return {
      data: rulesOf(call).filter(
        ({ flags }) => flag === undefined || (Array.isArray(flags) && (flags as unknown[]).includes(flag)),
      ),
    };
  },

  new: (call) => ({ data: addRule(call, call.object()) }),

  update: (call) => {
    changeRule(call, call.object());
    return {};
  },

  delete: (call) => {
    deleteRule(call, call.object()['id']);
    return {};
  },

  reorder: (call) => {
    const ids = call.strings().map(Number);
    const known = new Set(rulesOf(call).map(({ id }) => id));
    if (ids.some((id) => !known.has(id)) || ids.length !== known.size)
      throw oxError('MAIL_FILTER-0001', 'the ids are not those of the rules');
    orderRules(call, ids);
    return {};
  },

  deletescript: (call) => {
    call.context.db.run('DELETE FROM mail_rule WHERE user = ?', call.user.id);
    return {};
  },

  getscript: (call) => ({ data: scriptOf(call) }),
};

/** OX HTTP API, "Module mailfilter" (deprecated since 7.8.4, but there). */
export const mailFilter: Module = {
  ...actions,
  config: () => ({
    data: {
      tests: [
        { test: 'true', comparison: [] },
        { test: 'allof', comparison: [] },
        { test: 'currentdate', comparison: ['is', 'ge', 'le'] },
        { test: 'header', comparison: ['is', 'contains', 'matches'] },
      ],
      actioncommands: ['vacation', 'keep', 'discard', 'move', 'redirect', 'stop'],
      capabilities: [],
    },
  }),
};

/** OX HTTP API, "Module mailfilter v2". */
export const mailFilterV2: Module = {
  ...actions,
  config: () => ({
    data: {
      tests: [
        { id: 'true' },
        { id: 'allof' },
        { id: 'currentdate', comparison: ['is', 'ge', 'le'] },
        { id: 'header', comparison: ['is', 'contains', 'matches'] },
      ],
      actioncmds: [
        { id: 'vacation' },
        { id: 'keep' },
        { id: 'discard' },
        { id: 'move' },
        { id: 'redirect' },
        { id: 'stop' },
      ],
      options: { allowNestedTests: true },
    },
  }),
};

/** The vacation rules as a Sieve script, others as comments. RFC 5230, "Vacation Extension". */
function scriptOf(call: Call): string {
  const quote = (text: unknown): string => `"${(asText(text) ?? '').replace(/["\\]/g, '\\$&')}"`;
  const lines = rulesOf(call).flatMap(({ rulename, active, actioncmds }) => {
    const vacation = (actioncmds as Readonly<Record<string, unknown>>[]).find(({ id }) => id === 'vacation');
    const name = `## ${active === false ? 'disabled' : 'Flag'}: |Rulename: ${asText(rulename) ?? ''}`;
    if (!vacation || active === false) return [name];
    return [
      name,
      `vacation :days ${Number(vacation['days'] ?? 7)} :subject ${quote(vacation['subject'])} ${quote(vacation['text'])};`,
    ];
  });
  return ['require "vacation";', ...lines].join('\r\n');
}
