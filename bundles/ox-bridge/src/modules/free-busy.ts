import type { BusyPeriod, Cancellable, FreeBusy, Instant } from '@oxtender/bundle-api';
import { unlessRefused } from '../http/lasting-refusal';
import type { OxCall } from '../http/ox-call';
import type { OxClient } from '../http/ox-client';
import { encodeUtc } from './calendar/chronos/date-time';
import type { PeopleDirectory } from './people-directory';

interface Range {
  readonly start: Instant;
  readonly end: Instant;
}

/** What the old calendar tells of an appointment of somebody. */
interface OxBusy {
  readonly start_date: Instant;
  readonly end_date: Instant;
  readonly shown_as?: number;
}

/** What chronos tells. OX HTTP API, "FreeBusyTime". */
interface OxFreeBusyTime {
  readonly startTime: Instant;
  readonly endTime: Instant;
  readonly fbType?: string;
}

/** Values of `shown_as`; 4 is free. */
const statusOfNumber: Readonly<Record<number, BusyPeriod['status']>> = { 1: 'busy', 2: 'tentative', 3: 'away' };

/** Values of `fbType`; what is not here is free. */
const statusOfType: Readonly<Record<string, BusyPeriod['status']>> = {
  BUSY: 'busy',
  'BUSY-TENTATIVE': 'tentative',
  'BUSY-UNAVAILABLE': 'away',
};

const ofUser = 1;

/** When people of the same context are busy. */
export class OxFreeBusy implements FreeBusy {
  constructor(
    private readonly client: OxClient,
    private readonly people: PeopleDirectory,
  ) {}

  async query(addresses: readonly string[], range: Range, options: Cancellable): ReturnType<FreeBusy['query']> {
    await this.people.loadAddresses(addresses, options);
    const ids = addresses.map((address) => this.people.byAddress(address)?.id);
    const known = [...new Set(ids.filter((id) => id !== undefined))];
    const [callFor, periodsOf] = this.client.account.traits.legacyCalendar === false ? chronos : legacy;
    const answers = await this.client.all(
      known.map((id) => callFor(id, range)),
      options,
    );
    return ids.map((id) => {
      const answer = unlessRefused(id === undefined ? undefined : answers[known.indexOf(id)]);
      return answer && periodsOf(answer.data);
    });
  }
}

/** How a module is asked about a user, and what its answer means. */
type Variant = readonly [(id: number, range: Range) => OxCall, (data: unknown) => BusyPeriod[]];

const legacy: Variant = [
  (id, { start, end }) => ({ module: 'calendar', action: 'freebusy', parameters: { id, type: ofUser, start, end } }),
  (data) =>
    (data as OxBusy[]).flatMap(({ start_date: start, end_date: end, shown_as: shownAs = 1 }) => {
      const status = statusOfNumber[shownAs];
      return status ? [{ start, end, status }] : [];
    }),
];

const chronos: Variant = [
  (entity, { start, end }) => ({
    module: 'chronos',
    action: 'freeBusy',
    parameters: { from: encodeUtc(start), until: encodeUtc(end) },
    body: { attendees: [{ entity, cuType: 'INDIVIDUAL' }] },
    repeatable: true,
  }),
  (data) =>
    (data as { freeBusyTime?: OxFreeBusyTime[] }[]).flatMap(({ freeBusyTime = [] }) =>
      freeBusyTime.flatMap(({ startTime: start, endTime: end, fbType = 'BUSY' }) => {
        const status = statusOfType[fbType];
        return status ? [{ start, end, status }] : [];
      }),
    ),
];
