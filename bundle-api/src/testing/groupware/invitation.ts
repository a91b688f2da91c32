import type { Appointment, Attendee } from '../../model/appointment';
import type { Mailbox } from '../../model/values';
import { GroupwareError } from '../../services/groupware/groupware-error';

/** What an iTIP message says: enough for tests, times in UTC or dates only. RFC 5546. */
export function readInvitation(calendar: string): { method: string; appointment: Appointment } {
  const lines = calendar.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const property = (name: string): Property | undefined => lines.map(parseLine).find((one) => one?.name === name);
  const text = (name: string): string | undefined => property(name)?.value.replaceAll(/\\([,;\\])/g, '$1');
  const start = property('DTSTART');
  const end = property('DTEND') ?? start;
  if (!start || !end) throw new GroupwareError('INVALID', 'an invitation without a start');
  const attendees = lines.map(parseLine).filter((one): one is Property => one?.name === 'ATTENDEE');
  const organizer = property('ORGANIZER');
  const appointment = {
    uid: text('UID'),
    title: text('SUMMARY'),
    location: property('LOCATION') && { displayName: text('LOCATION') },
    start: moment(start.value),
    end: moment(end.value),
    allDay: /^\d{8}$/.test(start.value),
    organizer: organizer && mailbox(organizer),
    attendees: attendees.map((one): Attendee => ({ ...mailbox(one), role: 'required', status: 'none' })),
    responseRequested: true,
  };
  return { method: text('METHOD') ?? 'REQUEST', appointment: appointment as Appointment };
}

interface Property {
  readonly name: string;
  readonly parameters: string;
  readonly value: string;
}

function parseLine(line: string): Property | undefined {
  const match = /^([A-Z-]+)((?:;[^:"]*(?:"[^"]*")?)*):(.*)$/.exec(line);
  return match ? { name: match[1] ?? '', parameters: match[2] ?? '', value: match[3] ?? '' } : undefined;
}

function mailbox({ parameters, value }: Property): Mailbox {
  const name = /CN="?([^";:]*)/.exec(parameters)?.[1];
  return { ...(name && { name }), address: value.replace(/^mailto:/i, '') };
}

function moment(value: string): number {
  const [, year, month, day, hour = '00', minute = '00', second = '00'] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?$/.exec(value) ?? [];
  if (year === undefined) throw new GroupwareError('UNSUPPORTED', 'only UTC times and dates are understood here');
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
