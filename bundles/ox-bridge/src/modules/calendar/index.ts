import type { TimeZoneId } from '@oxtender/bundle-api';
import type { OxClient } from '../../http/ox-client';
import type { PeopleDirectory } from '../people-directory';
import { CalendarStore } from './calendar-store';
import { ChronosCalendar } from './chronos/chronos-calendar';
import { LegacyCalendar } from './legacy/legacy-calendar';

/** Appointments, whichever module of the server they come from: the public part of the store. */
export type OxCalendar = Pick<CalendarStore, keyof CalendarStore>;

/** The old module where the server has it, for all versions alike; else chronos. */
export function oxCalendar(
  client: OxClient,
  people: PeopleDirectory,
  { now, timeZone }: { now: () => number; timeZone: TimeZoneId },
): OxCalendar {
  if (client.account.traits.legacyCalendar === false)
    return new CalendarStore(new ChronosCalendar(client, people, timeZone), now);
  return new CalendarStore(new LegacyCalendar(client, people, timeZone), now);
}
