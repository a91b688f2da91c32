import { calendarColumns } from '../columns/calendar';
import { contactColumns } from '../columns/contacts';
import { taskColumns } from '../columns/tasks';
import { Attachments } from './attachments';
import { Database } from './database';
import { Folders } from './folders';
import { Groups } from './groups';
import { MailFolders } from './mail-folders';
import { Mails } from './mails';
import { Objects } from './objects';
import { PlacedObjects } from './placed-objects';
import { Resources } from './resources';
import { createSystemFolders, createUserFolders } from './system-folders';
import { type NewUser, type User, Users } from './users';

/** Folder of the global address book. */
export const globalAddressBook = 6;

/** A context, OX's tenant: users who share folders, an address book, groups and resources. One database file. */
export class OxContext implements Disposable {
  readonly db: Database;
  readonly users: Users;
  readonly groups: Groups;
  readonly resources: Resources;
  readonly folders: Folders;
  readonly contacts: Objects;
  readonly appointments: PlacedObjects;
  readonly tasks: PlacedObjects;
  readonly attachments: Attachments;
  readonly mailFolders: MailFolders;
  readonly mails: Mails;

  constructor(
    readonly id: number,
    file: string,
    readonly now: () => number,
  ) {
    this.db = new Database(file, now);
    this.users = new Users(this.db);
    this.groups = new Groups(this.db);
    this.resources = new Resources(this.db);
    this.folders = new Folders(this.db, this.groups);
    this.contacts = new Objects('contacts', 'contact', contactColumns, this.db);
    this.appointments = new PlacedObjects('calendar', 'appointment', calendarColumns, this.db);
    this.tasks = new PlacedObjects('tasks', 'task', taskColumns, this.db);
    this.attachments = new Attachments(this.db);
    this.mailFolders = new MailFolders(this.db);
    this.mails = new Mails(this.db, this.mailFolders);
    this.db.transaction(() => createSystemFolders(this));
  }

  /** Creates a user with standard folders, a mailbox and an entry in the global address book. */
  async addUser(user: NewUser): Promise<User> {
    const added = await this.users.add(user);
    this.db.transaction(() => {
      this.folders.invalidate();
      createUserFolders(this, added);
      const [first_name = '', ...rest] = added.displayName.split(' ');
      const values = {
        ...{ display_name: added.displayName, first_name, last_name: rest.join(' '), file_as: added.displayName },
        ...{ email1: added.mail, user_id: added.id, uid: `user-${this.id}-${added.id}` },
      };
      const contact = this.contacts.insert(values, globalAddressBook, added.id);
      this.users.update(added.id, { contact });
    });
    return this.users.get(added.id) as User;
  }

  /** Runs all or nothing. */
  transaction<T>(work: () => T): T {
    const { generation } = this.folders;
    try {
      return this.db.transaction(work);
    } catch (error) {
      if (this.folders.generation !== generation) this.folders.invalidate();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.db[Symbol.dispose]();
  }
}
