import {
  type CollectionSync,
  type CollectionSyncRequest,
  type DirectoryEntry,
  GroupwareError,
  type GroupwareSession,
  type ItemMoveResult,
  type MailStore,
  type Message,
  SyncError,
  type SyncFolder,
  type SyncSession,
} from '@oxtender/bundle-api';
import { folders, ScriptedSession } from '../commands/scripted-call';

/** What goes wrong, by the word for it in a name or id. */
const failures: Readonly<Record<string, () => Error>> = {
  broken: () => new Error('nobody expected that'),
  forbidden: () => new GroupwareError('PERMISSION', 'no right'),
  away: () => new GroupwareError('UNAVAILABLE', 'out of order', { retryAfter: 60_000 }),
  busy: () => new SyncError('COLLECTION_BUSY', 'another request is at work'),
  gone: () => new GroupwareError('NOT_FOUND', 'gone'),
  full: () => new GroupwareError('QUOTA', 'no space'),
  invalid: () => new GroupwareError('INVALID', 'refused'),
};

/** @throws whatever the words ask for */
function fail(...words: readonly string[]): void {
  const failure = words.map((word) => failures[word.toLowerCase()]).find(Boolean);
  if (failure) throw failure();
}

/** How changes of items end, by the last part of their ids. */
const results: Readonly<Record<string, CollectionSync['results'][number]['status']>> = {
  conflict: 'conflict',
  full: 'no-space',
  forbidden: 'forbidden',
  gone: 'not-found',
  failed: 'failed',
  invalid: 'invalid',
};

const last = (id: string): string => id.split(':').at(-1) ?? '';

/** Collections that fail as they are synchronised: F2 is busy, F3 breaks, F4 is gone, F5 is out of order, F6 may not be read. */
const troubleOf: Readonly<Record<string, string>> = {
  F2: 'busy',
  F3: 'broken',
  F4: 'gone',
  F5: 'away',
  F6: 'forbidden',
};

/** An account in which names and ids say what goes wrong: a folder `Forbidden`, an item `F1:conflict`. */
export function troubledSession(): ScriptedSession {
  const scripted = new ScriptedSession();
  scripted.onSync = ({ collectionId, syncKey, changes = [] }: CollectionSyncRequest) => {
    fail(troubleOf[collectionId] ?? '');
    return {
      syncKey: changes.length > 0 ? 'S3' : syncKey,
      results: changes.map((change) => ({
        status: results[change.kind === 'add' ? change.clientId : last(change.serverId)] ?? 'done',
      })),
    };
  };
  scripted.onWait = ({ collections }) => {
    for (const { collectionId } of collections) fail(troubleOf[collectionId] ?? '');
    return Promise.resolve({ reason: 'timeout', collections: [], hierarchy: false });
  };
  const place = (serverId: string) => {
    const folder = folders.find(({ collectionId }) => collectionId === serverId.split(':')[0]);
    return folder && { folder, itemId: last(serverId) };
  };
  const archive = { ...(folders[0] as SyncFolder), id: 'F8', collectionId: 'F8', name: 'Archive' };
  scripted.more = {
    folders: () => Promise.resolve([...folders, archive]),
    groupware: groupware() as GroupwareSession,
    syncHierarchy: async ({ syncKey }) => {
      fail(syncKey);
      return Promise.resolve({ syncKey: 'H1', added: [], updated: [], deleted: [] });
    },
    createFolder: async ({ name }) => {
      fail(name);
      return Promise.resolve({ syncKey: 'H2', collectionId: 'F7' });
    },
    updateFolder: async ({ name }) => {
      fail(name);
      return Promise.resolve({ syncKey: 'H2' });
    },
    deleteFolder: async ({ collectionId }) => {
      fail(collectionId);
      return Promise.resolve({ syncKey: 'H2' });
    },
    estimate: async ({ collectionId }) => {
      fail(troubleOf[collectionId] ?? '');
      return Promise.resolve(0);
    },
    locate: (serverId) => Promise.resolve(place(serverId)),
    serverIdOf: (collectionId, itemId) => Promise.resolve(`${collectionId}:${itemId}`),
    fetch: async (serverIds) => {
      fail(...serverIds.map(last).filter((word) => word === 'broken'));
      return Promise.resolve(serverIds.map((serverId) => ({ serverId, error: errorOf(last(serverId)) })));
    },
    move: async (moves) => {
      fail(...moves.map(({ serverId }) => last(serverId)).filter((word) => word === 'busy' || word === 'broken'));
      return Promise.resolve(moves.map(({ serverId }): ItemMoveResult => moved[last(serverId)] ?? { status: 'failed' }));
    },
  } satisfies Partial<SyncSession>;
  return scripted;
}

const moved: Readonly<Record<string, ItemMoveResult>> = {
  moved: { status: 'done', serverId: 'F1:8' },
  forbidden: { status: 'forbidden' },
  failed: { status: 'failed' },
  gone: { status: 'not-found' },
};

function errorOf(word: string): GroupwareError {
  const error = failures[word]?.();
  return error instanceof GroupwareError ? error : new GroupwareError('NOT_FOUND', 'gone');
}

const user = (displayName: string, address: string): DirectoryEntry => ({ kind: 'user', displayName, address });

/** Whoever has an address is there; so is a group of 21, and there are 60 people of the name Many. */
function peopleOf(text: string): DirectoryEntry[] {
  if (text.includes('@')) return [user(text, text)];
  if (text === 'crowd') {
    const members = Array.from({ length: 21 }, (_, n) => ({ address: `member${n}@example.com` }));
    return [{ kind: 'group', displayName: 'Crowd', address: 'crowd@example.com', members }];
  }
  return text === 'many' ? Array.from({ length: 60 }, (_, n) => user(`Many ${n}`, `many${n}@example.com`)) : [];
}

function groupware(): Partial<GroupwareSession> {
  const search = async (text: string) => {
    fail(text);
    const entries = peopleOf(text);
    return Promise.resolve({ entries, total: entries.length });
  };
  const mail: Message = { subject: 'Plan', messageId: '<c1@example.com>', read: true };
  const read = (_folder: unknown, ids: readonly string[]) =>
    Promise.resolve(ids.map((id) => ({ id, version: '1', item: mail })));
  return {
    read: read as unknown as GroupwareSession['read'],
    freeBusy: {
      query: async (addresses) => {
        fail(addresses[0]?.split('@')[0] ?? '');
        return Promise.resolve(addresses.map(() => []));
      },
    },
    directory: { search, picture: () => Promise.resolve(undefined) },
    readAttachment: (_folder, _id, attachmentId) => Promise.reject(errorOf(attachmentId)),
    emptyFolder: async ({ id }) => {
      fail(troubleOf[id] ?? '');
      return Promise.resolve();
    },
    outOfOffice: {
      get: async () => Promise.reject(failures['away']?.() ?? new Error()),
      set: async () => Promise.resolve(),
    },
    mail: {
      search: async ({ text = '' }) => {
        fail(text);
        const hits = ['moved', 'failed'].map((id) => ({ folderId: 'F1', id }));
        return Promise.resolve({ hits, total: hits.length });
      },
    } as Partial<MailStore> as MailStore,
  };
}
