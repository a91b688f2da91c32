import { LocalClient } from '../modules/local-client';
import { parseMessage } from '../mail/parse';
import type { OxServer } from '../modules/server';
import { day, floorDay } from '../columns/body';
import { demoAppointments } from './demo-appointments';
import { demoContacts } from './demo-contacts';
import { demoMails } from './demo-mails';
import { demoTasks } from './demo-tasks';
import { allUsers } from '../store/groups';
import { authorRights, fullRights, readerRights } from '../store/rights';

/** Users of the demonstration; the password is `secret` for both. */
export const demoUsers = [
  {
    login: 'alice@example.com',
    mail: 'alice@example.com',
    displayName: 'Alice Winter',
    aliases: ['alice.winter@example.com'],
  },
  { login: 'bob@example.com', mail: 'bob@example.com', displayName: 'Bob Sommer', aliases: [] },
] as const;

/** Creates the demonstration's users with all that they have. Does nothing when they exist. */
export async function seedDemo(server: OxServer): Promise<void> {
  const context = server.contexts.open(1);
  if (context.users.byLogin(demoUsers[0].login)) return;
  for (const user of demoUsers) await context.addUser({ ...user, password: 'secret', timezone: 'Europe/Berlin' });
  const [alice, bob] = demoUsers.map(({ login }) => {
    const user = context.users.byLogin(login);
    if (!user) throw new Error(`user ${login} is missing`);
    return new LocalClient(server, { context, user });
  }) as [LocalClient, LocalClient];
  context.groups.save({ name: 'team', display_name: 'Team', members: [alice.account.user.id, bob.account.user.id] });
  context.resources.save({
    name: 'elbe',
    display_name: 'Room Elbe',
    mailaddress: 'elbe@example.com',
    description: '12 seats, projector',
  });
  context.folders.invalidate();
  await createFolders(alice, bob);
  const today = floorDay(server.now());
  for (const [client, offset] of [
    [alice, 0],
    [bob, 1],
  ] as const) {
    await addContacts(client, offset);
    await addAppointments(client, offset === 0 ? bob : alice, today + offset * day);
    for (const task of demoTasks(today))
      await client.request('tasks', 'new', {}, { ...task, folder_id: await folder(client, 'tasks') });
    await addMails(client, offset === 0 ? bob : alice, today);
  }
}

async function folder(client: LocalClient, module: 'tasks' | 'calendar' | 'contacts'): Promise<string> {
  return String(await client.request<number>(`config/folder/${module}`, 'get', {}));
}

/** Folders beside the standard ones: whose, below what, and who else may do what there. */
async function createFolders(alice: LocalClient, bob: LocalClient): Promise<void> {
  const make = async (client: LocalClient, folder_id: string, fields: object): Promise<void> => {
    await client.request('folders', 'new', { folder_id }, { folder: { subscribed: 1, ...fields } });
  };
  const sharedBy = ({ account }: LocalClient, entity: number, bits: number, group = false): object[] => [
    { entity: account.user.id, group: false, bits: fullRights },
    { entity, group, bits },
  ];
  const toBob = sharedBy(alice, bob.account.user.id, authorRights);
  const toAlice = sharedBy(bob, alice.account.user.id, readerRights);
  const toAll = sharedBy(alice, allUsers, readerRights, true);
  await make(alice, '1', { title: 'Family', module: 'contacts' });
  await make(alice, '1', { title: 'Volleyball', module: 'calendar', permissions: toBob });
  await make(bob, '1', { title: 'Suppliers', module: 'contacts', permissions: toAlice });
  await make(alice, '2', { title: 'Company holidays', module: 'calendar', permissions: toAll });
  await make(alice, 'default0/INBOX', { title: 'Projects', module: 'mail' });
  await make(alice, 'default0', { title: 'Archive', module: 'mail' });
  await make(bob, 'default0/INBOX', { title: 'Newsletters', module: 'mail' });
}

async function addContacts(client: LocalClient, offset: number): Promise<void> {
  const folder_id = await folder(client, 'contacts');
  for (const [index, contact] of demoContacts.entries())
    if (index % 2 === offset || index < 12) await client.request('contacts', 'new', {}, { ...contact, folder_id });
}

async function addAppointments(client: LocalClient, other: LocalClient, today: number): Promise<void> {
  const folder_id = await folder(client, 'calendar');
  const common = { folder_id, ignore_conflicts: true, timezone: 'Europe/Berlin' };
  for (const { exceptions = [], deletions = [], invite = false, ...fields } of demoAppointments(today)) {
    const participants = invite
      ? [
          { id: client.account.user.id, type: 1 },
          { id: other.account.user.id, type: 1 },
        ]
      : undefined;
    const body = { ...common, ...fields, ...(participants ? { participants } : {}) };
    const { id } = await client.request<{ id: string }>('calendar', 'new', {}, body);
    const address = { id, folder: folder_id };
    for (const change of exceptions)
      await client.request('calendar', 'update', address, { ...change, ignore_conflicts: true });
    for (const pos of deletions) await client.request('calendar', 'delete', {}, [{ ...address, pos }]);
  }
}

async function addMails({ account }: LocalClient, other: LocalClient, today: number): Promise<void> {
  const { context, user } = account;
  for (const { folder: path, flags, source } of demoMails(user, other.account.user, today)) {
    const message = await parseMessage(source);
    const folder = context.mailFolders.byPath(user.id, path)?.id ?? 0;
    context.mails.add({ folder, flags, receivedDate: message.sentDate ?? today }, message, source);
  }
}
