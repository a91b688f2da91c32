import type { FolderRef, GroupwareSession, Item, ItemClass, Message, WrittenItem } from '@oxtender/bundle-api';
import { signal, streamOf } from '../support/session';

export const options = { signal };

export const text = (): string => crypto.randomUUID();

/** The folders of a user that all operations work in. */
export class Subject {
  readonly contacts: FolderRef & { itemClass: 'Contacts' };
  readonly calendar: FolderRef & { itemClass: 'Calendar' };
  readonly tasks: FolderRef & { itemClass: 'Tasks' };
  readonly inbox: FolderRef & { itemClass: 'Email' };
  readonly sent: FolderRef & { itemClass: 'Email' };
  readonly trash: FolderRef & { itemClass: 'Email' };

  private constructor(
    readonly session: GroupwareSession,
    byRole: (role: string) => string,
  ) {
    this.contacts = { id: byRole('contacts'), itemClass: 'Contacts' };
    this.calendar = { id: byRole('calendar'), itemClass: 'Calendar' };
    this.tasks = { id: byRole('tasks'), itemClass: 'Tasks' };
    this.inbox = { id: byRole('inbox'), itemClass: 'Email' };
    this.sent = { id: byRole('sent'), itemClass: 'Email' };
    this.trash = { id: byRole('trash'), itemClass: 'Email' };
  }

  static async of(session: GroupwareSession): Promise<Subject> {
    const folders = await session.listFolders(options);
    return new Subject(session, (role) => {
      const folder = folders.find((one) => one.role === role);
      if (!folder) throw new Error(`no folder for ${role}`);
      return folder.id;
    });
  }

  async make<C extends ItemClass>(folder: FolderRef & { itemClass: C }, item: Item<C>): Promise<string> {
    return (await this.create(folder, item)).id;
  }

  create<C extends ItemClass>(folder: FolderRef & { itemClass: C }, item: Item<C>): Promise<WrittenItem> {
    return this.session.create(folder, item, { ...options, key: text() });
  }

  async store(source = `Subject: ${text()}\r\n\r\nx`): Promise<string> {
    const written = await this.session.mail?.createFromSource(this.inbox, streamOf(source), options);
    return written?.id ?? '';
  }

  async ids(folder: FolderRef): Promise<readonly string[]> {
    return (await this.session.list(folder, options)).items.map(({ id }) => id);
  }

  async read<C extends ItemClass>(folder: FolderRef & { itemClass: C }, id: string): Promise<Item<C>> {
    const [found] = await this.session.read(folder, [id], { ...options, bodies: ['text'] });
    if (!found || found.error) throw found?.error ?? new Error('no result');
    return found.item;
  }

  async folder(): Promise<FolderRef> {
    const { id } = await this.session.createFolder({ name: text(), itemClass: 'Contacts' }, options);
    return { id, itemClass: 'Contacts' };
  }
}

const start = Date.UTC(2031, 2, 3, 9);

export const appointment = { title: 'Fault', start, end: start + 3_600_000, allDay: false } as const;

export const series = {
  ...appointment,
  timeZone: 'Europe/Berlin',
  recurrence: { frequency: 'daily', interval: 1, occurrences: 5 },
} as const;

export const flags: Pick<Message, 'read'> = { read: true };
