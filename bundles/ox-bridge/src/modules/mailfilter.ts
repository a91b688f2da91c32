import { DateTime } from 'luxon';
import type { Cancellable, Instant, OutOfOffice, OutOfOfficeSettings, TimeZoneId } from '@oxtender/bundle-api';
import { GroupwareError } from '@oxtender/bundle-api';
import type { OxAnswer } from '../http/ox-call';
import type { OxClient } from '../http/ox-client';

/** A rule of the user's mail filter. OX HTTP API, "Mail filter". */
interface OxRule {
  readonly id?: number;
  readonly rulename?: string;
  readonly active?: boolean;
  readonly flags?: readonly string[];
  readonly test?: OxTest;
  readonly actioncmds?: readonly OxAction[];
}

interface OxTest {
  readonly id: string;
  readonly tests?: readonly OxTest[];
  readonly comparison?: string;
  readonly datepart?: string;
  readonly datevalue?: readonly number[];
  readonly headers?: readonly string[];
  readonly values?: readonly string[];
}

interface OxAction {
  readonly id: string;
  readonly days?: string | number;
  readonly addresses?: readonly string[];
  readonly subject?: string;
  readonly text?: string;
}

/** Sieve answers one sender once in so many days. RFC 5230. */
const days = '7';

/** The absence notice is a rule of the mail filter with the flag `vacation`. OX keeps one text for everybody. */
export class OxOutOfOffice implements OutOfOfficeSettings {
  constructor(
    private readonly client: OxClient,
    private readonly user: { readonly addresses: readonly string[]; readonly timeZone: TimeZoneId },
  ) {}

  async get(options: Cancellable): Promise<OutOfOffice> {
    const rule = await this.#rule(options);
    const action = rule?.actioncmds?.find(({ id }) => id === 'vacation');
    if (!rule || !action) return { state: 'off', message: '' };
    const period = this.#period(rule.test);
    const state =
      rule.active === false ? 'off' : period.end === undefined && period.start === undefined ? 'on' : 'scheduled';
    return {
      ...{ state, ...period, ...(action.subject && { subject: action.subject }), message: action.text ?? '' },
      ...(rule.test?.tests?.some((test) => isFromInside(test)) && { audience: 'internal' }),
    };
  }

  async set(value: OutOfOffice, options: Cancellable): Promise<void> {
    const rule = await this.#rule(options);
    if (!rule && value.state === 'off') return;
    const before = rule?.actioncmds?.find(({ id }) => id === 'vacation');
    const action: OxAction = {
      days,
      addresses: this.user.addresses,
      ...before,
      id: 'vacation',
      text: value.message,
      ...(value.subject !== undefined && { subject: value.subject }),
    };
    const body: OxRule = {
      rulename: rule?.rulename ?? 'Vacation Notice',
      active: value.state !== 'off',
      flags: ['vacation'],
      test: value.state === 'off' && rule?.test ? rule.test : this.#test(value),
      actioncmds: [action],
      ...(rule?.id !== undefined && { id: rule.id }),
    };
    await this.#call(rule ? 'update' : 'new', {}, body, options);
  }

  async #rule(options: Cancellable): Promise<OxRule | undefined> {
    const { data } = await this.#call<readonly OxRule[]>('list', { flag: 'vacation' }, undefined, options);
    return data.find(({ flags }) => flags?.includes('vacation'));
  }

  /** Newer servers have a second version of the module; the rules used here are the same in both. */
  async #call<T>(
    action: string,
    parameters: Record<string, string>,
    body: unknown,
    options: Cancellable,
  ): Promise<OxAnswer<T>> {
    const { traits } = this.client.account;
    const call = { action, parameters, ...(body !== undefined && { body }) };
    if (traits.mailFilterV2) {
      try {
        return await this.client.call<T>({ module: 'mailfilter/v2', ...call }, options);
      } catch (error) {
        if (!(error instanceof GroupwareError) || error.code !== 'UNSUPPORTED') throw error;
        traits.mailFilterV2 = false;
      }
    }
    return this.client.call<T>({ module: 'mailfilter', ...call }, options);
  }

  #test(value: OutOfOffice): OxTest {
    const tests = [...this.#days(value), ...(value.audience === 'internal' ? [this.#fromInside()] : [])];
    return tests.length === 0 ? { id: 'true' } : { id: 'allof', tests };
  }

  /** Senders with an address of a domain that the user has one of. RFC 5228, "Comparison by match type". */
  #fromInside(): OxTest {
    const domains = new Set(this.user.addresses.map((address) => address.slice(address.lastIndexOf('@') + 1)));
    const values = [...domains].flatMap((domain) => [`*@${domain}`, `*@${domain}>`]);
    return { id: 'header', comparison: 'matches', headers: ['From'], values };
  }

  /** The filter knows days only: of the first and the last, where the user is. */
  #days({ state, start, end }: OutOfOffice): OxTest[] {
    if (state !== 'scheduled') return [];
    const tests: OxTest[] = [];
    const day = (comparison: string, instant: Instant): OxTest => ({
      id: 'currentdate',
      comparison,
      datepart: 'date',
      datevalue: [this.#dayOf(instant)],
    });
    if (start !== undefined) tests.push(day('ge', start));
    // An end at midnight means the day before.
    if (end !== undefined) tests.push(day('le', end - 1));
    return tests;
  }

  #period(test: OxTest | undefined): { start?: Instant; end?: Instant } {
    const dateOf = (comparison: string): number | undefined =>
      test?.tests?.find((one) => one.id === 'currentdate' && one.comparison === comparison)?.datevalue?.[0];
    const first = dateOf('ge');
    const last = dateOf('le');
    return {
      ...(first !== undefined && { start: this.#midnight(first, 0) }),
      ...(last !== undefined && { end: this.#midnight(last, 1) }),
    };
  }

  /** 00:00 UTC of the day on which the moment falls where the user is. */
  #dayOf(instant: Instant): number {
    const { year, month, day } = DateTime.fromMillis(instant, { zone: this.user.timeZone });
    return Date.UTC(year, month - 1, day);
  }

  #midnight(date: number, daysLater: number): Instant {
    const { year, month, day } = DateTime.fromMillis(date, { zone: 'UTC' }).plus({ days: daysLater });
    return DateTime.fromObject({ year, month, day }, { zone: this.user.timeZone }).toMillis();
  }
}

/** As it was written, even if the user's domains are others by now. */
function isFromInside({ id, comparison, headers = [], values = [] }: OxTest): boolean {
  const isFrom = headers.length === 1 && headers[0]?.toLowerCase() === 'from';
  return id === 'header' && comparison === 'matches' && isFrom && values.every((value) => value.startsWith('*@'));
}
