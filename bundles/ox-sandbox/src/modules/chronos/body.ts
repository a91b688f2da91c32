import ICAL from 'ical.js';
import { readRule } from '../../import/ical-rule';
import { oxError } from '../../envelope/ox-error';
import type { Stored } from '../../store/objects';
import { toZoned } from '../../store/zone';
import { type Call, type JsonObject, asObject, asText } from '../call';
import { ParticipantType } from '../people';
import { type Extras, extraFields, extrasOf } from './extras';
import { readDateTime } from './times';

/** An event as the old calendar takes it, with what it has no field for. */
export interface LegacyBody {
  readonly body: JsonObject;
  readonly extras: Extras;
}

/** Fields of the same meaning under two names. */
const renamed: Readonly<Record<string, string>> = {
  summary: 'title',
  description: 'note',
  location: 'location',
  uid: 'uid',
  sequence: 'sequence',
};

/** Reads an event, or the changed fields of one. @throws OxError CAL-..., SVL-0010 */
export function readEvent(call: Call, event: JsonObject, stored?: Stored): LegacyBody {
  const body: Record<string, unknown> = {};
  for (const [name, old] of Object.entries(renamed)) if (name in event) body[old] = event[name];
  if (Array.isArray(event['categories'])) body['categories'] = (event['categories'] as unknown[]).join(',') || null;
  if ('class' in event) body['private_flag'] = /^(?:PRIVATE|CONFIDENTIAL)$/.test(String(event['class']));
  if ('transp' in event) body['shown_as'] = event['transp'] === 'TRANSPARENT' ? 4 : 1;
  if ('organizer' in event && !stored) body['organizer'] = addressOf(asObject(event['organizer'] ?? {}));
  if ('attendees' in event) body['participants'] = readAttendees(event['attendees']);
  readTimes(call, event, body);
  const known: Extras = stored ? extrasOf(stored) : {};
  const changed = Object.fromEntries(extraFields.filter((name) => name in event).map((name) => [name, event[name]]));
  const alarms = readAlarms(call, event, body, known);
  const rule = readRecurrence(call, event, body, stored);
  return { body, extras: { ...known, ...changed, ...alarms, ...rule } };
}

function readTimes(call: Call, event: JsonObject, body: Record<string, unknown>): void {
  if (event['startDate'] !== undefined) {
    const start = readDateTime(event['startDate'], call.user.timezone);
    Object.assign(body, {
      start_date: start.milliseconds,
      full_time: start.fullTime,
      ...(start.fullTime ? {} : { timezone: start.zone }),
    });
  }
  if (event['endDate'] !== undefined)
    body['end_date'] = readDateTime(event['endDate'], call.user.timezone).milliseconds;
}

function readAttendees(value: unknown): JsonObject[] {
  return (Array.isArray(value) ? (value as unknown[]) : []).map((element) => {
    const attendee = asObject(element);
    const { cuType, entity, cn } = attendee;
    const id = Number(entity ?? 0);
    if (cuType === 'GROUP') return { type: ParticipantType.group, id };
    if (cuType === 'RESOURCE' || cuType === 'ROOM') return { type: ParticipantType.resource, id };
    if (id > 0) return { type: ParticipantType.user, id };
    const mail = addressOf(attendee);
    return { type: ParticipantType.external, mail, display_name: asText(cn) ?? mail };
  });
}

function addressOf({ email, uri }: JsonObject): string {
  return asText(email) ?? (asText(uri) ?? '').replace(/^mailto:/i, '');
}

/** One alarm before the start is the old reminder; anything more is kept beside it. */
function readAlarms(
  call: Call,
  event: JsonObject,
  body: Record<string, unknown>,
  known: Extras,
): Pick<Extras, 'alarms'> {
  if (!('alarms' in event)) return {};
  const alarms = (Array.isArray(event['alarms']) ? (event['alarms'] as unknown[]) : []).map(asObject);
  const minutes = alarms.flatMap(({ trigger }) => {
    const { duration, related = 'START' } = asObject(trigger ?? {});
    if (typeof duration !== 'string' || related !== 'START') return [];
    return [Math.round(-ICAL.Duration.fromString(duration).toSeconds() / 60)];
  });
  const [first] = minutes.filter((minute) => minute >= 0);
  body['alarm'] = first ?? -1;
  const rest = Object.fromEntries(Object.entries(known.alarms ?? {}).filter(([user]) => user !== String(call.user.id)));
  const simple = alarms.length === minutes.length && alarms.length <= 1 && first === minutes[0];
  return { alarms: simple ? rest : { ...rest, [call.user.id]: alarms } };
}

/** @throws OxError CAL-4223 for rules that nothing computes */
function readRecurrence(
  call: Call,
  event: JsonObject,
  body: Record<string, unknown>,
  stored?: Stored,
): Pick<Extras, 'rrule'> {
  if (!('rrule' in event)) return {};
  const text = asText(event['rrule']);
  if (text === undefined) {
    body['recurrence_type'] = 0;
    return { rrule: undefined };
  }
  const valueOf = (field: string) => body[field] ?? stored?.[field];
  const zone = valueOf('full_time') ? 'UTC' : (asText(valueOf('timezone')) ?? call.user.timezone);
  const atHome = (milliseconds: number) => ICAL.Time.fromJSDate(new Date(toZoned(milliseconds, zone)), true);
  const start = atHome(Number(valueOf('start_date') ?? call.server.now()));
  const rule = parseRule(text);
  // Its last day is meant where the series is at home.
  if (rule.until?.isDate === false) rule.until = atHome(rule.until.toUnixTime() * 1000);
  const losses: string[] = [];
  const pattern = readRule(rule, start, (field) => losses.push(field));
  if (losses.length === 0) {
    Object.assign(body, pattern);
    return { rrule: undefined };
  }
  Object.assign(body, approximation(rule, start));
  return { rrule: text };
}

function parseRule(text: string): ICAL.Recur {
  try {
    return ICAL.Recur.fromString(text);
  } catch {
    throw oxError('CAL-4223', text);
  }
}

/** What old clients see of a rule that has no pattern: its frequency. */
function approximation(rule: ICAL.Recur, start: ICAL.Time): JsonObject {
  const until = rule.until;
  const end = until
    ? { until: Date.UTC(until.year, until.month - 1, until.day) }
    : rule.count
      ? { occurrences: rule.count }
      : {};
  const { interval } = rule;
  switch (rule.freq) {
    case 'DAILY':
      return { recurrence_type: 1, interval, ...end };
    case 'WEEKLY':
      return { recurrence_type: 2, interval, days: 1 << (start.dayOfWeek() - 1), ...end };
    case 'MONTHLY':
      return { recurrence_type: 3, interval, day_in_month: start.day, ...end };
    case 'YEARLY':
      return { recurrence_type: 4, interval, day_in_month: start.day, month: start.month - 1, ...end };
    default:
      throw oxError('CAL-4223', rule.toString());
  }
}
