import type { Call, JsonObject } from '../call';
import type { Reply } from '../module';
import { type ObjectRules, findObject } from '../object-access';
import { oxError } from '../../envelope/ox-error';
import { idOf } from '../ids';
import { announce } from './announce';
import { exceptionOf } from './exceptions';

/** OX HTTP API, "Confirm an appointment": 0 none, 1 accepted, 2 declined, 3 tentative. */
export function answerInvitation(call: Call, rules: ObjectRules): Reply {
  const found = findObject(call, call.need('folder'), call.need('id'), rules);
  const body = call.object();
  if (found.stored.last_modified > call.timestamp) throw oxError(rules.codes.conflict);
  const occurrence = call.int('occurrence') ?? 0;
  const id = occurrence > 0 ? exceptionOf(call, found.stored, { recurrence_position: occurrence }) : found.stored.id;
  const { appointments } = call.context;
  const answer = Number(body['confirmation']);
  if (!Number.isInteger(answer) || answer < 0 || answer > 3) throw oxError('SVL-0010', 'confirmation');
  const message =
    typeof body['confirmmessage'] === 'string' && body['confirmmessage'] !== '' ? body['confirmmessage'] : null;
  if (typeof body['mail'] === 'string') {
    const timestamp = answerForExternal(call, id, { mail: body['mail'], status: answer, message: message ?? '' });
    return { data: {}, timestamp };
  }
  const user = Number(body['id'] ?? call.user.id);
  const known = appointments.participations(id).find((participation) => participation.user === user);
  if (!known) throw oxError('APP-0103', user);
  appointments.participate(id, { ...known, confirm: answer, message });
  const timestamp = appointments.update(id, {}, call.user.id);
  announce(call, id);
  return { data: occurrence > 0 ? { id: idOf(call, id) } : {}, timestamp };
}

/** The answer of somebody outside, as who organizes the appointment was told it. @returns the stamp. @throws OxError APP-0103 */
export function answerForExternal(
  call: Call,
  id: number,
  { mail, ...answer }: { mail: string; status: number; message: string },
): number {
  const { appointments } = call.context;
  const confirmations = JSON.parse(String(appointments.stored(id)?.['confirmations'] ?? '[]')) as JsonObject[];
  const isMeant = (confirmation: JsonObject): boolean =>
    String(confirmation['mail']).toLowerCase() === mail.toLowerCase();
  if (!confirmations.some(isMeant)) throw oxError('APP-0103', mail);
  const changed = confirmations.map((confirmation) =>
    isMeant(confirmation) ? { ...confirmation, ...answer } : confirmation,
  );
  const stamp = appointments.update(id, { confirmations: JSON.stringify(changed) }, call.user.id);
  announce(call, id);
  return stamp;
}
