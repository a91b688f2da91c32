import type { FolderRef, MoveResult, WriteResult } from '@oxtender/bundle-api';
import { alice, bob, streamOf } from '../support/session';
import { type Subject, appointment, options, series, text } from './subject';

/** Something that a session does, and how to see that it was done. */
export interface Operation {
  /** `module:action` of the call that the fault meets. */
  readonly on: string;
  /** The call goes as a part of `multiple`. */
  readonly isPart?: true;
  /** What is sent is gone when it was sent, and what is read was handed out already: neither can be done again. */
  readonly isStream?: true;
  /** Reading, when absent. */
  readonly writes?: {
    /** True when what was wanted is so. */
    readonly isDone: (subject: Subject, id: string) => Promise<boolean>;
    /** Where nothing may be made twice. */
    readonly in?: (subject: Subject) => FolderRef;
  };
  /** Makes what the operation needs. */
  prepare?(subject: Subject): Promise<string>;
  run(subject: Subject, id: string): Promise<unknown>;
}

const reading: Readonly<Record<string, Operation>> = {
  'listing contacts': { on: 'contacts:all', run: ({ session, contacts }) => session.list(contacts, options) },
  'listing appointments': { on: 'calendar:all', run: ({ session, calendar }) => session.list(calendar, options) },
  'listing tasks': { on: 'tasks:all', run: ({ session, tasks }) => session.list(tasks, options) },
  'listing mails': { on: 'mail:all', run: ({ session, inbox }) => session.list(inbox, options) },
  'looking at a folder of mails': { on: 'mail:examine', run: ({ session, inbox }) => session.list(inbox, options) },
  'changes of contacts': {
    on: 'contacts:updates',
    run: ({ session, contacts }) => session.changes(contacts, '1', options),
  },
  'changes of appointments': {
    on: 'calendar:updates',
    run: ({ session, calendar }) => session.changes(calendar, '1', options),
  },
  'changes of tasks': { on: 'tasks:updates', run: ({ session, tasks }) => session.changes(tasks, '1', options) },
  'changes of mails': {
    on: 'mail:all',
    isPart: true,
    run: ({ session, inbox }) => session.changes(inbox, 'x|y', options),
  },
  'reading a contact': {
    on: 'contacts:list',
    prepare: (subject) => subject.make(subject.contacts, { displayName: text() }),
    run: (subject, id) => subject.read(subject.contacts, id),
  },
  'reading an appointment': {
    on: 'calendar:list',
    prepare: (subject) => subject.make(subject.calendar, appointment),
    run: (subject, id) => subject.read(subject.calendar, id),
  },
  'reading a task': {
    on: 'tasks:list',
    prepare: (subject) => subject.make(subject.tasks, { title: text() }),
    run: (subject, id) => subject.read(subject.tasks, id),
  },
  'reading a mail': {
    on: 'mail:list',
    prepare: (subject) => subject.store(),
    run: (subject, id) => subject.read(subject.inbox, id),
  },
  'reading the text of a mail': {
    on: 'mail:get',
    prepare: (subject) => subject.store(),
    run: (subject, id) => subject.read(subject.inbox, id),
  },
  'reading the source of a mail': {
    on: 'mail:get',
    isStream: true,
    prepare: (subject) => subject.store(),
    run: async ({ session, inbox }, id) => drain(await session.mail?.readSource(inbox, id, options)),
  },
  'reading a file of an appointment': {
    on: 'attachment:document',
    isStream: true,
    prepare: (subject) => withFile(subject),
    run: async ({ session, calendar }, id) => {
      const [item, file] = id.split(' ') as [string, string];
      await drain((await session.readAttachment(calendar, item, file, options)).content);
    },
  },
  'listing folders': { on: 'folders:allVisible', isPart: true, run: ({ session }) => session.listFolders(options) },
  'searching mails': {
    on: 'mail:search',
    run: ({ session, inbox }) =>
      session.mail?.search({ text: 'a', folderIds: [inbox.id] }, { ...options, offset: 0, limit: 5 }) ??
      Promise.resolve(),
  },
  'searching people': {
    on: 'contacts:search',
    isPart: true,
    run: ({ session }) => session.directory?.search('a', { ...options, offset: 0, limit: 5 }) ?? Promise.resolve(),
  },
  'asking who has time': {
    on: 'calendar:freebusy',
    run: ({ session }) =>
      session.freeBusy?.query([bob.login], { start: 0, end: 86_400_000 }, options) ?? Promise.resolve(),
  },
  'reading the absence notice': {
    on: 'mailfilter/v2:list',
    run: ({ session }) => session.outOfOffice?.get(options) ?? Promise.resolve(),
  },
};

const creating: Readonly<Record<string, Operation>> = {
  'creating a contact': {
    on: 'contacts:new',
    writes: { isDone: () => Promise.resolve(true), in: ({ contacts }) => contacts },
    run: (subject) => subject.create(subject.contacts, { displayName: text() }),
  },
  'creating an appointment': {
    on: 'calendar:new',
    writes: { isDone: () => Promise.resolve(true), in: ({ calendar }) => calendar },
    run: (subject) => subject.create(subject.calendar, appointment),
  },
  'creating a series': {
    on: 'calendar:new',
    writes: { isDone: () => Promise.resolve(true), in: ({ calendar }) => calendar },
    run: (subject) => subject.create(subject.calendar, series),
  },
  'creating a task': {
    on: 'tasks:new',
    writes: { isDone: () => Promise.resolve(true), in: ({ tasks }) => tasks },
    run: (subject) => subject.create(subject.tasks, { title: text() }),
  },
  'storing a mail': {
    on: 'mail:import',
    isStream: true,
    writes: { isDone: () => Promise.resolve(true), in: ({ inbox }) => inbox },
    run: (subject) => subject.store(),
  },
  'sending a mail': {
    on: 'mail:new',
    isStream: true,
    writes: { isDone: () => Promise.resolve(true), in: ({ sent }) => sent },
    run: async ({ session }) =>
      session.mail?.send(streamOf(`To: ${alice.login}\r\nSubject: sent\r\n\r\nx`), { ...options, saveInSent: true }),
  },
  'sending a mail without keeping it': {
    on: 'mail:new',
    isStream: true,
    writes: { isDone: () => Promise.resolve(true), in: ({ inbox }) => inbox },
    run: async ({ session }) =>
      session.mail?.send(streamOf(`To: ${alice.login}\r\nSubject: sent\r\n\r\nx`), { ...options, saveInSent: false }),
  },
  'creating a folder': {
    on: 'folders:new',
    prepare: () => Promise.resolve(text()),
    writes: {
      isDone: async ({ session }, name) =>
        (await session.listFolders(options)).filter((folder) => folder.name === name).length === 1,
    },
    run: ({ session }, name) => session.createFolder({ name, itemClass: 'Contacts' }, options),
  },
};

const changing: Readonly<Record<string, Operation>> = {
  'changing a contact': {
    on: 'contacts:update',
    prepare: (subject) => subject.make(subject.contacts, { displayName: text() }),
    writes: { isDone: async (subject, id) => (await subject.read(subject.contacts, id)).displayName === 'New' },
    run: ({ session, contacts }, id) => session.patch(contacts, id, { displayName: 'New' }, options),
  },
  'changing an appointment': {
    on: 'calendar:update',
    prepare: (subject) => subject.make(subject.calendar, appointment),
    writes: { isDone: async (subject, id) => (await subject.read(subject.calendar, id)).title === 'New' },
    run: ({ session, calendar }, id) => session.patch(calendar, id, { title: 'New' }, options),
  },
  'changing one day of a series': {
    on: 'calendar:update',
    prepare: (subject) => subject.make(subject.calendar, series),
    writes: {
      isDone: async (subject, id) => (await subject.read(subject.calendar, id)).exceptions?.[0]?.title === 'New',
    },
    run: ({ session, calendar }, id) =>
      session.patch(
        calendar,
        id,
        { exceptions: [{ originalStart: series.start + 86_400_000, title: 'New' }] },
        options,
      ),
  },
  'changing a task': {
    on: 'tasks:update',
    prepare: (subject) => subject.make(subject.tasks, { title: text() }),
    writes: { isDone: async (subject, id) => (await subject.read(subject.tasks, id)).title === 'New' },
    run: ({ session, tasks }, id) => session.patch(tasks, id, { title: 'New' }, options),
  },
  'marking a mail as read': {
    on: 'mail:update',
    isPart: true,
    prepare: (subject) => subject.store(),
    writes: { isDone: async (subject, id) => (await subject.read(subject.inbox, id)).read },
    run: ({ session, inbox }, id) => session.patch(inbox, id, { read: true }, options),
  },
  'renaming a folder': {
    on: 'folders:update',
    prepare: async (subject) => (await subject.folder()).id,
    writes: {
      isDone: async ({ session }, id) =>
        (await session.listFolders(options)).find((folder) => folder.id === id)?.name === `New ${id}`,
    },
    run: ({ session }, id) => session.updateFolder({ id, itemClass: 'Contacts' }, { name: `New ${id}` }, options),
  },
  'adding a file to a task': {
    on: 'attachment:attach',
    prepare: (subject) => subject.make(subject.tasks, { title: text() }),
    writes: { isDone: async (subject, id) => (await subject.read(subject.tasks, id)).attachments?.length === 1 },
    run: ({ session, tasks }, id) => session.addAttachment(tasks, id, file, options),
  },
  'taking a file off an appointment': {
    on: 'attachment:detach',
    prepare: (subject) => withFile(subject),
    writes: {
      isDone: async (subject, id) => {
        const { attachments = [] } = await subject.read(subject.calendar, id.split(' ')[0] ?? '');
        return attachments.length === 0;
      },
    },
    run: ({ session, calendar }, id) => {
      const [item, name] = id.split(' ') as [string, string];
      return session.removeAttachment(calendar, item, name, options);
    },
  },
  'setting the absence notice': {
    on: 'mailfilter/v2:update',
    prepare: async ({ session }) => {
      await session.outOfOffice?.set({ state: 'on', message: 'Here' }, options);
      return '';
    },
    writes: { isDone: async ({ session }) => (await session.outOfOffice?.get(options))?.message === 'Away' },
    run: ({ session }) => session.outOfOffice?.set({ state: 'on', message: 'Away' }, options) ?? Promise.resolve(),
  },
};

const removing: Readonly<Record<string, Operation>> = {
  'deleting a contact': deletion('contacts', 'contacts:delete', (subject) =>
    subject.make(subject.contacts, { displayName: text() }),
  ),
  'deleting an appointment': deletion('calendar', 'calendar:delete', (subject) =>
    subject.make(subject.calendar, appointment),
  ),
  'deleting a task': deletion('tasks', 'tasks:delete', (subject) => subject.make(subject.tasks, { title: text() })),
  'deleting a mail': deletion('inbox', 'mail:delete', (subject) => subject.store()),
  'deleting one day of a series': {
    on: 'calendar:delete',
    prepare: (subject) => subject.make(subject.calendar, series),
    writes: {
      isDone: async (subject, id) => (await subject.read(subject.calendar, id)).exceptions?.[0]?.deleted === true,
    },
    run: ({ session, calendar }, id) =>
      session.patch(
        calendar,
        id,
        { exceptions: [{ originalStart: series.start + 86_400_000, deleted: true }] },
        options,
      ),
  },
  'moving a mail': {
    on: 'mail:update',
    isPart: true,
    prepare: (subject) => subject.store(),
    writes: {
      isDone: async (subject, id) => !(await subject.ids(subject.inbox)).includes(id),
      in: ({ trash }) => trash,
    },
    run: async ({ session, inbox, trash }, id) => refusal(await session.move(inbox, [id], trash, options)),
  },
  'moving a contact': {
    on: 'contacts:update',
    prepare: async (subject) => {
      const folder = await subject.folder();
      return `${folder.id} ${await subject.make(subject.contacts, { displayName: text() })}`;
    },
    writes: {
      isDone: async (subject, id) =>
        (await subject.ids({ id: id.split(' ')[0] ?? '', itemClass: 'Contacts' })).length === 1,
    },
    run: async ({ session, contacts }, id) => {
      const [target, item] = id.split(' ') as [string, string];
      refusal(await session.move(contacts, [item], { id: target, itemClass: 'Contacts' }, options));
    },
  },
  'deleting a folder': {
    on: 'folders:delete',
    prepare: async (subject) => (await subject.folder()).id,
    writes: {
      isDone: async ({ session }, id) => !(await session.listFolders(options)).some((folder) => folder.id === id),
    },
    run: ({ session }, id) => session.deleteFolder({ id, itemClass: 'Contacts' }, options),
  },
  'emptying a folder': {
    on: 'folders:clear',
    prepare: async (subject) => {
      const folder = await subject.folder();
      await subject.make({ ...folder, itemClass: 'Contacts' }, { displayName: text() });
      return folder.id;
    },
    writes: { isDone: async (subject, id) => (await subject.ids({ id, itemClass: 'Contacts' })).length === 0 },
    run: ({ session }, id) => session.emptyFolder({ id, itemClass: 'Contacts' }, options),
  },
};

/** One of each kind. */
export const operations: Readonly<Record<string, Operation>> = { ...reading, ...creating, ...changing, ...removing };

const file = { fileName: 'a.txt', contentType: 'text/plain', content: Buffer.from('text') };

/** An appointment with a file. @returns the ids of both */
async function withFile(subject: Subject): Promise<string> {
  const id = await subject.make(subject.calendar, appointment);
  const { id: fileId } = await subject.session.addAttachment(subject.calendar, id, file, options);
  return `${id} ${fileId}`;
}

function deletion(
  place: 'contacts' | 'calendar' | 'tasks' | 'inbox',
  on: string,
  prepare: (subject: Subject) => Promise<string>,
): Operation {
  return {
    on,
    prepare,
    writes: { isDone: async (subject, id) => !(await subject.ids(subject[place])).includes(id) },
    run: async (subject, id) =>
      refusal(await subject.session.delete(subject[place], [id], { ...options, mode: 'permanent' })),
  };
}

function refusal(results: readonly (WriteResult | MoveResult)[]): void {
  for (const { error } of results) if (error) throw error;
}

async function drain(stream: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  const parts: Uint8Array[] = [];
  for await (const part of stream ?? []) parts.push(part);
}
