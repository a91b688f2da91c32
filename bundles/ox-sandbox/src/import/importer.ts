import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { isOxtenderError } from '@oxtender/bundle-api';
import { without } from '../modules/call';
import { LocalClient } from '../modules/local-client';
import type { OxServer } from '../modules/server';
import type { Account } from '../store/contexts';
import { Flag } from '../store/mails';
import { parseMessage } from '../mail/parse';
import { type CalendarFile, type ReadItem, readCalendar } from './ical';
import { isMbox, splitMbox } from './mbox';
import type { ImportReport, Lose, Loss } from './report';
import { readText } from './text';
import { readCard, splitCards } from './vcard';

type Counts = Record<'contacts' | 'appointments' | 'tasks' | 'mails', number>;

/** Brings files into a user's standard folders, through the same actions that a client calls. */
export class Importer {
  readonly #client: LocalClient;
  readonly #counts: Counts = { contacts: 0, appointments: 0, tasks: 0, mails: 0 };
  readonly #losses: Loss[] = [];

  constructor(
    private readonly server: OxServer,
    account: Account,
  ) {
    this.#client = new LocalClient(server, account);
  }

  get report(): ImportReport {
    return { ...this.#counts, losses: this.#losses };
  }

  /** Never throws: what can not be read is a loss of that file. */
  async file(path: string): Promise<void> {
    const name = basename(path);
    try {
      await this.#file(name, await readFile(path));
    } catch (cause) {
      this.#loser(name, name)('item', reasonOf(cause));
    }
  }

  async #file(name: string, data: Buffer): Promise<void> {
    const kind = extname(name).toLowerCase();
    if (data.length === 0) throw new Error('is empty');
    if (kind === '.vcf' || kind === '.vcard') return this.cards(name, readText(data, this.#loser(name, name)));
    if (kind === '.ics' || kind === '.ical') return this.calendar(name, readText(data, this.#loser(name, name)));
    if (kind === '.mbox' || isMbox(data)) return this.mailbox(name, data);
    if (kind === '.eml' || beginsWithHeader(data)) return this.mail(name, data);
    throw new Error('is neither .vcf, .ics, .eml nor a mailbox');
  }

  async cards(file: string, text: string): Promise<void> {
    const folder_id = await this.#folder('contacts');
    const cards = splitCards(text);
    if (cards.length === 0) this.#loser(file, file)('item', 'holds no vCard');
    for (const [index, card] of cards.entries()) {
      const item = /^FN[^:]*:(.*)$/im.exec(card)?.[1]?.trim() ?? `card ${index + 1}`;
      await this.#take(file, item, 'contacts', async () => {
        const body = readCard(card, this.#loser(file, item));
        await this.#client.request('contacts', 'new', {}, { ...body, folder_id });
      });
    }
  }

  async calendar(file: string, text: string): Promise<void> {
    const content = this.#readCalendar(file, text);
    const calendar = await this.#folder('calendar');
    const tasks = await this.#folder('tasks');
    const masters = content.events.filter(({ occurrence }) => occurrence === undefined);
    for (const event of masters) {
      const changes = content.events.filter((other) => other.occurrence !== undefined && other.uid === event.uid);
      await this.#take(file, event.name, 'appointments', () => this.#event(file, event, changes, calendar));
    }
    const orphans = content.events.filter(
      ({ occurrence, uid }) => occurrence !== undefined && !masters.some((master) => master.uid === uid),
    );
    for (const event of orphans)
      await this.#take(file, event.name, 'appointments', () => this.#event(file, event, [], calendar));
    for (const { name, body } of content.tasks)
      await this.#take(file, name, 'tasks', () =>
        this.#client.request('tasks', 'new', {}, { ...body, folder_id: tasks }),
      );
  }

  async mail(file: string, source: Buffer, flags = 0): Promise<void> {
    const { context, user } = this.#client.account;
    await this.#take(file, file, 'mails', async () => {
      if (!beginsWithHeader(source)) throw new Error('holds no mail: it does not begin with a header');
      const message = await parseMessage(source);
      const folder = context.mailFolders.standard(user.id, 7).id;
      const receivedDate = message.sentDate ?? this.server.now();
      context.transaction(() => context.mails.add({ folder, flags, receivedDate }, message, source));
    });
  }

  async mailbox(file: string, data: Buffer): Promise<void> {
    if (!isMbox(data)) {
      this.#loser(file, file)('item', 'holds no mailbox');
      return;
    }
    for (const { source, seen, answered, flagged } of splitMbox(data))
      await this.mail(
        file,
        source,
        (seen ? Flag.seen : 0) | (answered ? Flag.answered : 0) | (flagged ? Flag.flagged : 0),
      );
  }

  async #event(file: string, event: ReadItem, changes: readonly ReadItem[], folder: string): Promise<void> {
    const lose = this.#loser(file, event.name);
    const body = { ...event.body, folder_id: folder, ignore_conflicts: true };
    const { id } = await this.#client.request<{ id: string }>('calendar', 'new', {}, body);
    for (const date of event.exdates)
      await this.#client
        .request('calendar', 'delete', {}, [{ id, folder, recurrence_date_position: date }])
        .catch((cause: unknown) => lose('EXDATE', reasonOf(cause)));
    for (const change of changes) {
      const exception = {
        ...without(change.body, 'uid', 'recurrence_type'),
        recurrence_date_position: change.occurrence,
        ignore_conflicts: true,
      };
      await this.#client
        .request('calendar', 'update', { id, folder }, exception)
        .catch((cause: unknown) => lose('RECURRENCE-ID', reasonOf(cause)));
    }
  }

  #readCalendar(file: string, text: string): CalendarFile {
    try {
      return readCalendar(text, (item) => this.#loser(file, item));
    } catch (cause) {
      this.#losses.push({ file, item: file, field: 'item', reason: reasonOf(cause) });
      return { events: [], tasks: [] };
    }
  }

  /** Counts what was taken; a failure is a loss of that item alone. */
  async #take(file: string, item: string, kind: keyof Counts, take: () => Promise<unknown>): Promise<void> {
    try {
      await take();
      this.#counts[kind]++;
    } catch (cause) {
      this.#losses.push({ file, item, field: 'item', reason: reasonOf(cause) });
    }
  }

  #loser(file: string, item: string): Lose {
    return (field, reason) => void this.#losses.push({ file, item, field, reason });
  }

  async #folder(module: 'contacts' | 'calendar' | 'tasks'): Promise<string> {
    return String(await this.#client.request<number>(`config/folder/${module}`, 'get', {}));
  }
}

function reasonOf(cause: unknown): string {
  const code = isOxtenderError(cause) ? `${cause.code}: ` : '';
  return code + (cause instanceof Error ? cause.message : String(cause));
}

/** True for what begins as a message does. RFC 5322, "Header Fields". */
function beginsWithHeader(data: Buffer): boolean {
  const start = data.subarray(0, 1000).toString('latin1');
  return /^(?:\xEF\xBB\xBF)?(?:\r?\n)*[!-9;-~]+[ \t]*:/.test(start);
}
