import { ModuleNumber } from '../../columns/common';
import { Series, fullRuleOf } from '../../calendar/series';
import { patternOf } from '../../calendar/pattern';
import type { Participation } from '../../store/placed-objects';
import type { Stored } from '../../store/objects';
import { exceptionDates, isException, isMaster } from '../calendar/exceptions';
import type { Call, JsonObject } from '../call';
import { ParticipantType } from '../people';
import { extraFields, extrasOf } from './extras';
import { writeDateTime, writeRecurrenceId } from './times';

const partStats = ['NEEDS-ACTION', 'ACCEPTED', 'DECLINED', 'TENTATIVE'] as const;

/** Colours of the old labels 1 to 10. */
const colors = [
  '',
  '#CEE7FF',
  '#9BCEFF',
  '#6CA0DF',
  '#A889D6',
  '#E2B3E2',
  '#E7A9AB',
  '#FFB87C',
  '#F2DE88',
  '#C2D082',
  '#809753',
];

/** How an occurrence differs from its series. */
export interface At {
  readonly start: number;
  readonly end: number;
  readonly date: number;
}

/** An appointment as chronos writes it. OX HTTP API, "Event data". */
export function eventOf(call: Call, row: Stored, folder: number, at?: At): JsonObject {
  const fullTime = row['full_time'] === 1;
  const zone = String(row['timezone'] ?? 'UTC');
  const extras = extrasOf(row);
  const participations = call.context.appointments.participations(row.id);
  const own = participations.find(({ user }) => user === call.user.id);
  const fields: Record<string, unknown> = {
    ...Object.fromEntries(extraFields.map((name) => [name, extras[name]])),
    id: String(row.id),
    folder: `cal://0/${folder}`,
    uid: row['uid'],
    sequence: row['sequence'] ?? 0,
    created: row['creation_date'],
    createdBy: calendarUser(call, Number(row['created_by'])),
    lastModified: row.last_modified,
    modifiedBy: calendarUser(call, Number(row['modified_by'])),
    timestamp: row.last_modified,
    summary: row['title'] ?? '',
    description: row['note'],
    location: row['location'],
    categories: typeof row['categories'] === 'string' ? row['categories'].split(',') : undefined,
    startDate: writeDateTime(at?.start ?? Number(row['start_date']), fullTime, zone),
    endDate: writeDateTime(at?.end ?? Number(row['end_date']), fullTime, zone),
    class: extras.class ?? (row['private_flag'] === 1 ? 'PRIVATE' : 'PUBLIC'),
    transp: row['shown_as'] === 4 ? 'TRANSPARENT' : 'OPAQUE',
    color: extras.color ?? (colors[Number(row['color_label'] ?? 0)] || undefined),
    organizer: organizerOf(call, row),
    calendarUser: calendarUser(call, call.context.folders.get(folder)?.owner ?? call.user.id),
    attendees: attendeesOf(call, row, participations),
    attendeePrivileges: extras.attendeePrivileges ?? 'DEFAULT',
    alarms: alarmsOf(own, extras.alarms?.[String(call.user.id)]),
    attachments: attachmentsOf(call, row.id),
    flags: flagsOf(call, row, own),
    ...recurrenceOf(call, row, at),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

function recurrenceOf(call: Call, row: Stored, at: At | undefined): JsonObject {
  const fullTime = row['full_time'] === 1;
  if (isException(row)) return exceptionOf(call, row);
  const series = Series.of(row);
  const pattern = patternOf(row);
  if (!series || !pattern) return {};
  const ids = (kind: 'change_exceptions' | 'delete_exceptions'): string[] | undefined => {
    const dates = exceptionDates(row, kind).flatMap((date) => series.on(date) ?? []);
    return dates.length === 0 ? undefined : dates.map(({ start }) => writeRecurrenceId(start, fullTime));
  };
  return {
    seriesId: String(row.id),
    rrule: fullRuleOf(pattern, { fullTime, zone: String(row['timezone'] ?? 'UTC') }),
    changeExceptionDates: ids('change_exceptions'),
    deleteExceptionDates: ids('delete_exceptions'),
    ...(at ? { recurrenceId: writeRecurrenceId(at.start, fullTime) } : {}),
  };
}

/** An exception is named by the start that its series has on that day. */
function exceptionOf({ context }: Call, row: Stored): JsonObject {
  const date = Number(row['recurrence_date_position']);
  const master = context.appointments.stored(Number(row['recurrence_id']));
  const original = master && Series.of(master)?.on(date);
  const fullTime = master?.['full_time'] === 1;
  return {
    seriesId: String(row['recurrence_id']),
    recurrenceId: writeRecurrenceId(original?.start ?? date, fullTime || !original),
  };
}

/** A user as chronos names people. */
export function calendarUser({ context }: Call, id: number): JsonObject | undefined {
  const user = context.users.get(id);
  return user && { uri: `mailto:${user.mail}`, cn: user.displayName, email: user.mail, entity: user.id };
}

function organizerOf(call: Call, row: Stored): JsonObject | undefined {
  const mail = row['organizer'];
  if (typeof mail !== 'string') return undefined;
  const user = call.context.users.byAddress(mail);
  return user ? calendarUser(call, user.id) : { uri: `mailto:${mail}`, email: mail, cn: mail };
}

function attendeesOf(call: Call, row: Stored, participations: readonly Participation[]): JsonObject[] {
  const { appointments } = call.context;
  const places = new Map(appointments.places(row.id).map(({ user, folder }) => [user, folder]));
  const users = participations.map(({ user, confirm, message }): JsonObject => ({
    ...calendarUser(call, user),
    cuType: 'INDIVIDUAL',
    partStat: partStats[confirm] ?? 'NEEDS-ACTION',
    ...(message === null ? {} : { comment: message }),
    ...(places.has(user) ? { folder: String(places.get(user)) } : {}),
  }));
  const participants = JSON.parse(String(row['participants'] ?? '[]')) as JsonObject[];
  const others = participants.flatMap(({ type, id, display_name: cn }): JsonObject[] => {
    if (type === ParticipantType.group)
      return [{ cuType: 'GROUP', cn, entity: id, uri: `urn:uuid:group-${String(id)}` }];
    if (type === ParticipantType.resource)
      return [{ cuType: 'RESOURCE', cn, entity: id, uri: `urn:uuid:resource-${String(id)}`, partStat: 'ACCEPTED' }];
    return [];
  });
  const confirmations = JSON.parse(String(row['confirmations'] ?? '[]')) as JsonObject[];
  const external = confirmations.map(({ mail, display_name: cn, status, message }): JsonObject => ({
    ...{
      cuType: 'INDIVIDUAL',
      uri: `mailto:${String(mail)}`,
      email: mail,
      cn,
      partStat: partStats[Number(status ?? 0)],
    },
    ...(message === '' ? {} : { comment: message }),
  }));
  return [...users, ...others, ...external];
}

/** The reminder of the old calendar as an alarm, or all that chronos clients have set. */
function alarmsOf(own: Participation | undefined, all: readonly JsonObject[] | undefined): JsonObject[] | undefined {
  if (all) return all.map((alarm, index) => ({ id: index + 1, ...alarm }));
  if (own?.alarm == null) return undefined;
  return [
    { id: 1, uid: `alarm-${own.user}`, action: 'DISPLAY', trigger: { duration: `-PT${own.alarm}M`, related: 'START' } },
  ];
}

function attachmentsOf({ context }: Call, id: number): JsonObject[] | undefined {
  const files = context.attachments.of(ModuleNumber.calendar, id);
  if (files.length === 0) return undefined;
  return files.map(({ id: managedId, filename, file_mimetype: fmtType, file_size: size, creation_date: created }) => ({
    ...{ managedId, filename, fmtType, size, created },
  }));
}

function flagsOf({ context, user }: Call, row: Stored, own: Participation | undefined): string[] {
  const flags: (string | false)[] = [
    context.attachments.of(ModuleNumber.calendar, row.id).length > 0 && 'attachments',
    own?.alarm != null && 'alarms',
    context.appointments.participations(row.id).length > 1 && 'scheduled',
    row['organizerId'] === user.id && 'organizer',
    own !== undefined && row['organizerId'] !== user.id && 'attendee',
    row['private_flag'] === 1 && 'private',
    row['shown_as'] === 4 && 'transparent',
    own !== undefined && (['needs_action', 'accepted', 'declined', 'tentative'][own.confirm] ?? false),
    isMaster(row) && 'series',
    isException(row) && 'overridden',
  ];
  return flags.filter((flag) => flag !== false);
}
