import { oxError } from '../../envelope/ox-error';
import { type Call, type JsonObject, asObject, without } from '../call';

/** A filter rule as it is stored and answered. OX HTTP API, "Mail filter rule". */
export interface Rule extends JsonObject {
  readonly id: number;
  readonly position: number;
}

export function rulesOf(call: Pick<Call, 'context' | 'user'>): Rule[] {
  const rows = call.context.db.rows<{ id: number; position: number; rule: string }>(
    'SELECT id, position, rule FROM mail_rule WHERE user = ? ORDER BY position, id',
    call.user.id,
  );
  return rows.map(({ id, position, rule }) => ({ ...(JSON.parse(rule) as JsonObject), id, position }));
}

/** @throws OxError MAIL_FILTER-0004 */
export function ruleOf(call: Call, id: unknown): Rule {
  const rule = rulesOf(call).find((candidate) => candidate.id === Number(id));
  if (!rule) throw oxError('MAIL_FILTER-0004', String(id));
  return rule;
}

/** @returns the id. @throws OxError MAIL_FILTER-0001 */
export function addRule(call: Call, body: JsonObject): number {
  const { position } = body;
  const rule = without(body, 'id', 'position');
  checkRule(rule);
  const { db } = call.context;
  const end = db.value<number>('SELECT count(*) FROM mail_rule WHERE user = ?', call.user.id) ?? 0;
  const at = typeof position === 'number' ? Math.max(0, Math.min(position, end)) : end;
  db.run('UPDATE mail_rule SET position = position + 1 WHERE user = ? AND position >= ?', call.user.id, at);
  const text = JSON.stringify({ active: true, flags: [], ...rule });
  return Number(
    db.run('INSERT INTO mail_rule (user, position, rule) VALUES (?, ?, ?)', call.user.id, at, text).lastInsertRowid,
  );
}

export function changeRule(call: Call, body: JsonObject): void {
  const { id, position } = body;
  const rule = ruleOf(call, id);
  const known = rule.id;
  const changed = without({ ...rule, ...body }, 'id', 'position');
  checkRule(changed);
  call.context.db.run('UPDATE mail_rule SET rule = ? WHERE id = ?', JSON.stringify(changed), known);
  if (typeof position === 'number') {
    const others = rulesOf(call)
      .map((other) => other.id)
      .filter((other) => other !== known);
    others.splice(position, 0, known);
    orderRules(call, others);
  }
  forgetReplies(call);
}

export function deleteRule(call: Call, id: unknown): void {
  call.context.db.run('DELETE FROM mail_rule WHERE id = ?', ruleOf(call, id).id);
  orderRules(
    call,
    rulesOf(call).map((rule) => rule.id),
  );
  forgetReplies(call);
}

export function orderRules(call: Call, ids: readonly number[]): void {
  ids.forEach((id, position) =>
    call.context.db.run('UPDATE mail_rule SET position = ? WHERE id = ? AND user = ?', position, id, call.user.id),
  );
}

/** Who was told of the old absence is told of the new one again. */
function forgetReplies(call: Call): void {
  call.context.db.run('DELETE FROM vacation_reply WHERE user = ?', call.user.id);
}

const tests = new Set([
  'true',
  'allof',
  'anyof',
  'not',
  'currentdate',
  'header',
  'subject',
  'from',
  'to',
  'cc',
  'anyrecipient',
  'address',
  'envelope',
  'size',
  'body',
  'exists',
]);

const actions = new Set([
  'keep',
  'discard',
  'redirect',
  'move',
  'fileinto',
  'reject',
  'stop',
  'vacation',
  'addflags',
  'enotify',
  'copy',
  'addheader',
  'deleteheader',
  'set',
]);

/** @throws OxError MAIL_FILTER-0001 for a test or an action that nobody knows */
function checkRule(rule: JsonObject): void {
  checkTest(asObject(rule['test']));
  const commands = rule['actioncmds'];
  if (!Array.isArray(commands) || commands.length === 0) throw oxError('MAIL_FILTER-0001', 'a rule needs an action');
  for (const command of commands as unknown[]) {
    const { id } = asObject(command);
    if (!actions.has(String(id))) throw oxError('MAIL_FILTER-0001', `unknown action ${String(id)}`);
  }
}

function checkTest(test: JsonObject): void {
  const { id } = test;
  if (!tests.has(String(id))) throw oxError('MAIL_FILTER-0001', `unknown test ${String(id)}`);
  const inner = Array.isArray(test['tests'])
    ? (test['tests'] as unknown[])
    : test['test'] === undefined
      ? []
      : [test['test']];
  for (const one of inner) checkTest(asObject(one));
}
