import type { BusyPeriod, Cancellable, FreeBusy, Instant } from '@oxtender/bundle-api';
import type { OxClient } from '../http/ox-client';
import { OxError } from '../http/ox-error';
import type { PeopleDirectory } from './people-directory';

/** What the old calendar tells of an appointment of somebody. */
interface OxBusy {
  readonly start_date: number;
  readonly end_date: number;
  readonly shown_as?: number;
}

/** Values of `shown_as`; 4 is free. */
const statusOf: Readonly<Record<number, BusyPeriod['status']>> = { 1: 'busy', 2: 'tentative', 3: 'away' };

const ofUser = 1;

/** When people of the same context are busy. */
export class OxFreeBusy implements FreeBusy {
  constructor(
    private readonly client: OxClient,
    private readonly people: PeopleDirectory,
  ) {}

  async query(
    addresses: readonly string[],
    { start, end }: { start: Instant; end: Instant },
    options: Cancellable,
  ): ReturnType<FreeBusy['query']> {
    await this.people.loadAddresses(addresses, options);
    const ids = addresses.map((address) => this.people.byAddress(address)?.id);
    const known = ids.filter((id) => id !== undefined);
    const answers = await this.client.all(
      known.map((id) => ({ module: 'calendar', action: 'freebusy', parameters: { id, type: ofUser, start, end } })),
      options,
    );
    return ids.map((id) => {
      const answer = id === undefined ? undefined : answers[known.indexOf(id)];
      return answer === undefined || answer instanceof OxError ? undefined : periodsOf(answer.data as OxBusy[]);
    });
  }
}

function periodsOf(list: readonly OxBusy[]): BusyPeriod[] {
  return list.flatMap(({ start_date: start, end_date: end, shown_as: shownAs = 1 }) => {
    const status = statusOf[shownAs];
    return status ? [{ start, end, status }] : [];
  });
}
