import type { BusyPeriod, Cancellable, FreeBusy, Instant } from '@oxtender/bundle-api';
import { participantType } from '../columns/people';
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

/** Somebody or something of which OX knows when it is taken. */
interface Attending {
  readonly id: number;
  /** `participantType`. */
  readonly type: number;
}

/** When people and rooms of the same context are busy. */
export class OxFreeBusy implements FreeBusy {
  constructor(
    private readonly client: OxClient,
    private readonly people: PeopleDirectory,
  ) {}

  async query(addresses: readonly string[], range: Range, options: Cancellable): ReturnType<FreeBusy['query']> {
    const found = await this.#find(addresses, options);
    const known = new Map(found.flatMap((one) => (one ? [[keyOf(one), one] as const] : [])));
    const [callFor, periodsOf] = this.client.account.traits.legacyCalendar === false ? chronos : legacy;
    const answers = await this.client.all(
      Array.from(known.values(), (one) => callFor(one, range)),
      options,
    );
    const byKey = new Map(Array.from(known.keys(), (key, index) => [key, answers[index]]));
    return found.map((one) => {
      const answer = unlessRefused(one && byKey.get(keyOf(one)));
      return answer && periodsOf(answer.data);
    });
  }

  /** Rooms are asked for where an address is no user's. */
  async #find(addresses: readonly string[], options: Cancellable): Promise<(Attending | undefined)[]> {
    await this.people.loadAddresses(addresses, options);
    const users = addresses.map((address) => this.people.byAddress(address));
    if (users.every((user) => user !== undefined)) return users;
    const resources = await this.people.loadResources(options);
    return addresses.map((address, index) => {
      const id = resources.get(address.toLowerCase());
      return users[index] ?? (id === undefined ? undefined : { id, type: participantType.resource });
    });
  }
}

function keyOf({ id, type }: Attending): string {
  return `${type}:${id}`;
}

/** How a module is asked about somebody or something, and what its answer means. */
type Variant = readonly [(whose: Attending, range: Range) => OxCall, (data: unknown) => BusyPeriod[]];

const legacy: Variant = [
  ({ id, type }, { start, end }) => ({ module: 'calendar', action: 'freebusy', parameters: { id, type, start, end } }),
  (data) =>
    (data as OxBusy[]).flatMap(({ start_date: start, end_date: end, shown_as: shownAs = 1 }) => {
      const status = statusOfNumber[shownAs];
      return status ? [{ start, end, status }] : [];
    }),
];

const chronos: Variant = [
  ({ id: entity, type }, { start, end }) => ({
    module: 'chronos',
    action: 'freeBusy',
    parameters: { from: encodeUtc(start), until: encodeUtc(end) },
    body: { attendees: [{ entity, cuType: type === participantType.resource ? 'RESOURCE' : 'INDIVIDUAL' }] },
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
