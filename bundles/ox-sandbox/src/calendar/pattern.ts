import type { OxCode } from '../envelope/codes';
import { oxError } from '../envelope/ox-error';
import { type Values, floorDay } from '../columns/body';

/** OX HTTP API, "Detailed task and appointment data", recurrence_type. */
export const RecurrenceType = { none: 0, daily: 1, weekly: 2, monthly: 3, yearly: 4 } as const;

/** How a series repeats, in OX's terms. */
export interface Pattern {
  readonly type: number;
  readonly interval: number;
  /** Sunday 1, Monday 2, Tuesday 4 ... Saturday 64. */
  readonly days: number | null;
  /** Day of the month; with `days` which of them, 5 the last. */
  readonly dayInMonth: number | null;
  /** 0 is January. */
  readonly month: number | null;
  /** Last day, inclusive, as a Date. */
  readonly until: number | null;
  readonly occurrences: number | null;
  /** A rule that the other fields only approximate. RFC 5545, "Recurrence Rule". */
  readonly rule?: string;
}

/** Fields that belong to each type; any other is refused as superfluous. */
const fields: Readonly<Record<number, readonly string[]>> = {
  [RecurrenceType.daily]: ['interval'],
  [RecurrenceType.weekly]: ['interval', 'days'],
  [RecurrenceType.monthly]: ['interval', 'days', 'day_in_month'],
  [RecurrenceType.yearly]: ['interval', 'days', 'day_in_month', 'month'],
};

const patternFields = ['interval', 'days', 'day_in_month', 'month', 'until', 'occurrences'] as const;

/** Error codes of the module that the series belongs to. */
export interface PatternCodes {
  readonly unknownType: OxCode;
  readonly superfluous: OxCode;
  readonly superfluousAlone: OxCode;
  readonly interval: OxCode;
  readonly days: OxCode;
  readonly dayInMonth: OxCode;
  readonly month: OxCode;
  readonly bothEnds: OxCode;
  readonly endBeforeStart: OxCode;
}

export const calendarPatternCodes: PatternCodes = {
  unknownType: 'APP-0109',
  superfluous: 'APP-0096',
  superfluousAlone: 'APP-0097',
  interval: 'APP-0087',
  days: 'APP-0089',
  dayInMonth: 'APP-0090',
  month: 'APP-0091',
  bothEnds: 'APP-0095',
  endBeforeStart: 'APP-0086',
};

/** Tasks have one code for all that is missing. */
export const taskPatternCodes: PatternCodes = {
  ...calendarPatternCodes,
  unknownType: 'TSK-0036',
  interval: 'TSK-0037',
  days: 'TSK-0037',
  dayInMonth: 'TSK-0037',
  month: 'TSK-0037',
};

/** The pattern stored with an object; undefined without one. */
export function patternOf(row: Readonly<Values>): Pattern | undefined {
  const type = Number(row['recurrence_type'] ?? 0);
  if (type === RecurrenceType.none) return undefined;
  const number = (name: string): number | null => (row[name] == null ? null : Number(row[name]));
  return {
    type,
    interval: number('interval') ?? 1,
    days: number('days'),
    dayInMonth: number('day_in_month'),
    month: number('month'),
    until: number('until'),
    occurrences: number('occurrences'),
    ...ruleOf(row),
  };
}

/** The rule that chronos keeps where no pattern says it. */
function ruleOf(row: Readonly<Values>): { rule?: string } {
  const { rrule } = JSON.parse(String(row['chronos'] ?? '{}')) as { rrule?: string };
  return rrule === undefined ? {} : { rule: rrule };
}

/**
 * What of a change concerns the recurrence, complete: a body with `recurrence_type` replaces the whole pattern, other
 * recurrence fields change the stored one.
 *
 * @throws OxError by the module's codes
 */
export function recurrenceChange(changes: Values, stored: Readonly<Values>, codes: PatternCodes): Values {
  const touched = patternFields.some((name) => name in changes) || 'recurrence_type' in changes;
  if (!touched) return {};
  const replaces = changes['recurrence_type'] != null;
  const base = replaces ? {} : stored;
  const merged: Values = { recurrence_type: Number(changes['recurrence_type'] ?? stored['recurrence_type'] ?? 0) };
  for (const name of patternFields) merged[name] = (name in changes ? changes[name] : base[name]) ?? null;
  if (merged['recurrence_type'] === RecurrenceType.none && replaces)
    return { ...merged, ...Object.fromEntries(patternFields.map((name) => [name, null])) };
  checkPattern(merged, Number(changes['start_date'] ?? stored['start_date'] ?? stored['start_time'] ?? 0), codes);
  return merged;
}

function checkPattern(row: Values, start: number, codes: PatternCodes): void {
  const type = Number(row['recurrence_type']);
  const given = patternFields.filter((name) => row[name] != null);
  if (type === RecurrenceType.none) {
    if (given.length > 0) throw oxError(codes.superfluousAlone, given.join(', '));
    return;
  }
  const allowed = fields[type];
  if (!allowed) throw oxError(codes.unknownType, type);
  const superfluous = given.find((name) => name !== 'until' && name !== 'occurrences' && !allowed.includes(name));
  if (superfluous !== undefined) throw oxError(codes.superfluous, superfluous, type);
  if (type === RecurrenceType.yearly) row['interval'] ??= 1;
  if (outside(row['interval'], 1, 9999)) throw oxError(codes.interval);
  if (type === RecurrenceType.weekly && outside(row['days'], 1, 127)) throw oxError(codes.days);
  if (row['days'] != null && outside(row['days'], 1, 127)) throw oxError(codes.days);
  if (type >= RecurrenceType.monthly && outside(row['day_in_month'], 1, row['days'] == null ? 31 : 5))
    throw oxError(codes.dayInMonth);
  if (type === RecurrenceType.yearly && outside(row['month'], 0, 11)) throw oxError(codes.month);
  if (row['until'] != null && row['occurrences'] != null) throw oxError(codes.bothEnds);
  if (row['until'] != null && Number(row['until']) < floorDay(start)) throw oxError(codes.endBeforeStart);
}

function outside(value: unknown, least: number, most: number): boolean {
  return typeof value !== 'number' || value < least || value > most;
}
