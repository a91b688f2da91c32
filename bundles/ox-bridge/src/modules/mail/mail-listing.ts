import {
  type Cancellable,
  GroupwareError,
  type Instant,
  type ItemChanges,
  type ItemListing,
  type ItemVersion,
  type ListOptions,
} from '@oxtender/bundle-api';
import { decodeFlags, mailFlag, mailVersion } from '../../columns/mail';
import type { OxAnswer, OxCall } from '../../http/ox-call';
import { type OxClient, rowsIn } from '../../http/ox-client';
import { OxError } from '../../http/ox-error';
import { inPlace } from '../in-place';
import { type OxRow, idOf } from '../objects';
import { fingerprint } from './fingerprint';

/** id, flags, color_label, received_date. */
const columns = [600, 611, 102, 610].join();

/** How many of the newest mails are asked for at first when only recent ones matter; then this many times more. */
const firstPage = 500;
const growth = 8;

/** State of a folder that the mail server tells without listing it. OX HTTP API, "Examine". */
interface Examined {
  readonly validity?: string | number;
  readonly next?: string | number;
  readonly total?: number;
  readonly unread?: number;
  /** Of the mail server's CONDSTORE (RFC 7162): grows with every change of a flag. Newer versions only. */
  readonly modseq?: string | number;
}

/** What a look at a folder found. */
interface Look {
  /** Counters. */
  readonly now: string;
  readonly rows?: OxRow[];
  /** By which the same answer is known again, where it tells all. */
  readonly answer?: string;
}

/** Lists mails, and tells whether a folder has changed. OX has no usable `updates` for mail. */
export class MailListing {
  constructor(private readonly client: OxClient) {}

  async list(folder: string, options: ListOptions): Promise<ItemListing<'Email'>> {
    // Before the list: what changes between the two calls is then found the next time.
    const state = await this.#state(folder, options);
    const items = await this.#items(folder, options);
    return { items, token: `${state}|${fingerprint(items)}|${modeOf(options)}` };
  }

  async changes(folder: string, token: string, options: ListOptions): Promise<ItemChanges<'Email'>> {
    const [state = '', known = '', mode = '', answer = ''] = token.split('|', 4);
    const sameMode = mode === modeOf(options);
    if (known === '') throw new GroupwareError('STALE_TOKEN', 'not a change token of this bridge');
    const look = await this.#look(folder, state, options, sameMode ? answer : '');
    if (look === 'same') return { kind: 'none', token };
    const { now, rows } = look;
    // The counters alone say nothing about flags; the change sequence does.
    if (sameMode && now === state && now.startsWith('m')) return { kind: 'none', token };
    const items = await this.#items(folder, options, rows);
    const print = fingerprint(items);
    const next = [now, print, modeOf(options), ...(look.answer === undefined ? [] : [look.answer])].join('|');
    // The same list is no news only when nothing came and went meanwhile, such as a draft of the caller's own.
    const isSame = sameMode && print === known && now === state;
    return isSame ? { kind: 'none', token: next } : { kind: 'snapshot', items, token: next };
  }

  /**
   * State of the folder; and, in the same request, the list that is needed in any case where the counters say nothing
   * about flags. A change sequence has to be older than the list that goes with it.
   *
   * @param known - of the answer that the token was made of
   */
  async #look(folder: string, before: string, options: ListOptions, known: string): Promise<Look | 'same'> {
    const isOneRequest = this.client.account.traits.mailExamine && !before.startsWith('m') && !options.conversations;
    if (!isOneRequest) return { now: await this.#state(folder, options) };
    const calls = [examineCall(folder), listCall(folder, firstLimit(options))];
    const [since, text = ''] = known.split('/', 2);
    const isAskedAgain = since === sinceOf(options);
    const { print, answers } = await this.client.allUnlessSame(calls, isAskedAgain ? text : '', options);
    if (!answers) return 'same';
    const [examined, listed] = answers;
    const now = this.#stateOf(examined as OxAnswer<Examined> | OxError);
    if (listed instanceof OxError && !listed.sessionLost) throw listed;
    // Without a session the list is asked for once more by itself, after another login.
    if (now.startsWith('m') || !listed || listed instanceof OxError) return { now };
    const rows = rowsIn(listed.data, 'mail');
    const isAll = now !== '' && print !== '' && isEnough(rows, firstLimit(options), options);
    return { now, rows, ...(isAll && { answer: `${sinceOf(options)}/${print}` }) };
  }

  async #state(folder: string, options: Cancellable): Promise<string> {
    if (!this.client.account.traits.mailExamine) return '';
    try {
      return this.#stateOf(await this.client.call<Examined>(examineCall(folder), options));
    } catch (error) {
      if (error instanceof GroupwareError) return this.#stateOf(error);
      throw error;
    }
  }

  /** Counters of the folder as text, empty where the server has none; begins with `m` when it covers flags. */
  #stateOf(answer: OxAnswer<Examined> | GroupwareError): string {
    if (!(answer instanceof GroupwareError)) {
      const { validity = '', next = '', total = 0, unread = 0, modseq } = answer.data;
      const counters = [validity, next, total, unread].join(',');
      return modseq === undefined ? counters : `m${modseq},${counters}`;
    }
    if (!(answer instanceof OxError) && answer.code !== 'UNSUPPORTED') throw answer;
    if (answer.code === 'NOT_FOUND' || answer.code === 'PERMISSION' || answer.code === 'UNAVAILABLE') throw answer;
    // A server that failed just once has it all the same.
    if (answer.code === 'UNSUPPORTED') this.client.account.traits.mailExamine = false;
    return '';
  }

  /** All mails, dated by their conversations; undefined where the server knows none. */
  async #conversations(folder: string, { since, signal }: ListOptions): Promise<ItemVersion<'Email'>[] | undefined> {
    const { traits } = this.client.account;
    if (!traits.mailThreads) return undefined;
    const parameters = { folder, columns, sort: 610, order: 'desc', includeSent: false };
    try {
      const { data } = await this.client.call<{ thread?: ThreadedMail[] }[]>(
        { module: 'mail', action: 'threadedAll', parameters },
        { signal },
      );
      const rows = data.flatMap(({ thread = [] }) => {
        const newest = Math.max(...thread.map(({ received_date: date = 0 }) => date));
        return thread.map(({ id, flags, color_label: colour }): OxRow => [id, flags, colour, newest]);
      });
      return itemsOf(rows, since);
    } catch (error) {
      if (!(error instanceof OxError) || error.code !== 'UNSUPPORTED') throw error;
      traits.mailThreads = false;
      return undefined;
    }
  }

  /**
   * One answer is one view of the folder; several pages put together might miss a mail that moved between them.
   *
   * @param first - the first page, where it is known already
   */
  async #items(folder: string, options: ListOptions, first?: OxRow[]): Promise<ItemVersion<'Email'>[]> {
    const { since, conversations, signal } = options;
    const whole = conversations === true ? await this.#conversations(folder, options) : undefined;
    if (whole) return whole;
    let rows = first;
    for (let limit = firstLimit(options); ; limit *= growth) {
      rows ??= (await this.client.rows(listCall(folder, limit), { signal })).data;
      if (isEnough(rows, limit, options)) return itemsOf(rows, since);
      rows = undefined;
    }
  }
}

function examineCall(folder: string): OxCall {
  return { module: 'mail', action: 'examine', parameters: { folder } };
}

/** @param limit - so many of the newest mails */
function listCall(folder: string, limit: number): OxCall {
  const window = limit === Infinity ? {} : { left_hand_limit: 0, right_hand_limit: limit };
  return { module: 'mail', action: 'all', parameters: { folder, columns, sort: 610, order: 'desc', ...window } };
}

function firstLimit({ since }: ListOptions): number {
  return since === undefined ? Infinity : firstPage;
}

/** Whether the newest mails, no more than `limit`, are all that were asked for. */
function isEnough(rows: readonly OxRow[], limit: number, { since }: ListOptions): boolean {
  const oldest = Number(rows.at(-1)?.[3] ?? 0);
  return rows.length < limit || (since !== undefined && oldest < since);
}

/** Part of the token: what the same answer says depends on it. */
function sinceOf({ since }: ListOptions): string {
  return String(since ?? '');
}

/** A mail of a conversation, by names of columns. OX HTTP API, "threadedAll". */
interface ThreadedMail {
  readonly id: unknown;
  readonly flags?: number;
  readonly color_label?: number;
  readonly received_date?: number;
}

/** Part of the token: dates of conversations are others than those of mails. */
function modeOf({ conversations }: ListOptions): string {
  return conversations === true ? 'c' : '';
}

/** What flags and a colour say; mails are many, and their combinations few. */
type Marks = Required<Pick<ItemVersion<'Email'>, 'version' | 'flags'>>;

function itemsOf(rows: OxRow[], since: Instant = -Infinity): ItemVersion<'Email'>[] {
  const known = new Map<number, Marks>();
  return inPlace(rows, (row) => {
    const flags = Number(row[1]);
    const colour = Number(row[2] ?? 0);
    const date = Number(row[3] ?? 0);
    if ((flags & mailFlag.deleted) !== 0 || date < since) return undefined;
    const marks = marksOf(flags, colour, known);
    return { id: idOf(row[0]), version: marks.version, date, flags: marks.flags };
  });
}

function marksOf(flags: number, colour: number, known: Map<number, Marks>): Marks {
  const key = flags * 65_536 + (colour & 0xffff);
  let marks = known.get(key);
  if (!marks) known.set(key, (marks = { version: mailVersion(flags, colour), flags: decodeFlags(flags, colour) }));
  return marks;
}
