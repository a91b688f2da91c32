import type { BusyPeriod, DirectoryEntry, FreeBusy, Instant } from '@oxtender/bundle-api';
import { isOxtenderError } from '@oxtender/bundle-api';
import type { CommandCall } from '../../protocol/command';
import { type CommonStatusCode, commonStatus } from '../../protocol/common-status';
import { day, minute } from '../../values/date-time';
import { type Element, ResolveRecipients as Page, element } from '../../wbxml';
import { ResolveRecipientsStatus as Status } from './status';

const slot = 30 * minute;

/** [MS-ASCMD] "EndTime (ResolveRecipients)". */
const usualSpan = 7 * day;
const longestSpan = 42 * day;

/** [MS-ASCMD] "Common Status Codes", 160 and 161. */
const mostRecipients = 100;
const mostMembers = 20;

/** [MS-ASCMD] "MergedFreeBusy". */
const digits: Readonly<Record<BusyPeriod['status'], number>> = { tentative: 1, busy: 2, away: 3 };
const noData = 4;

/** A stretch of time that is asked about. */
export interface TimeRange {
  readonly start: Instant;
  readonly end: Instant;
}

/** The time asked about; undefined when it is shorter or longer than it may be. */
export function timeRange({
  start,
  end = start + usualSpan,
}: {
  start: Instant;
  end?: Instant | undefined;
}): TimeRange | undefined {
  return end - start >= slot && end - start <= longestSpan ? { start, end } : undefined;
}

/** One digit for each half hour; of what overlaps the highest counts. People without data count as such. */
export function mergedFreeBusy(
  people: readonly (readonly BusyPeriod[] | undefined)[],
  { start, end }: TimeRange,
): string {
  const slots = new Uint8Array(Math.ceil((end - start) / slot));
  for (const periods of people) {
    if (!periods) return String(noData).repeat(slots.length);
    for (const { start: from, end: to, status } of periods) {
      const first = Math.max(0, Math.floor((from - start) / slot));
      const last = Math.min(slots.length, Math.ceil((to - start) / slot));
      for (let at = first; at < last; at++) slots[at] = Math.max(slots[at] ?? 0, digits[status]);
    }
  }
  return slots.join('');
}

/** When the people of one answer are free: each address is asked about once. */
export class Availabilities {
  #asked = 0;

  constructor(
    private readonly freeBusy: FreeBusy | undefined,
    private readonly range: TimeRange,
  ) {}

  async of(entry: DirectoryEntry, call: CommandCall): Promise<Element> {
    const addresses = entry.members?.map(({ address }) => address) ?? [entry.address];
    if (addresses.length > mostMembers) return refused('AVAILABILITY_DL_LIMIT_REACHED');
    this.#asked++;
    if (this.#asked > mostRecipients) return refused('AVAILABILITY_TOO_MANY_RECIPIENTS');
    if (!this.freeBusy) return refused('AVAILABILITY_FAILURE');
    try {
      const people = await this.freeBusy.query(addresses, this.range, call);
      return element(
        Page.Availability,
        element(Page.Status, Status.Success),
        element(Page.MergedFreeBusy, mergedFreeBusy(people, this.range)),
      );
    } catch (error) {
      if (isOxtenderError(error, 'UNAVAILABLE', 'BROKEN_ANSWER')) return refused('AVAILABILITY_TRANSIENT_FAILURE');
      if (isOxtenderError(error, 'PERMISSION', 'UNSUPPORTED', 'NOT_FOUND')) return refused('AVAILABILITY_FAILURE');
      throw error;
    }
  }
}

function refused(code: CommonStatusCode): Element {
  return element(Page.Availability, element(Page.Status, commonStatus(code)));
}
