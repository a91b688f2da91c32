import { type Cancellable, type FolderRole, GroupwareError } from '@oxtender/bundle-api';
import type { OxClient } from '../http/ox-client';
import { idOf } from './objects';

/** Paths of the configuration that name default folders. OX HTTP API, "Config". */
const paths: readonly (readonly [FolderRole, string])[] = [
  ['contacts', 'folder/contacts'],
  ['calendar', 'folder/calendar'],
  ['tasks', 'folder/tasks'],
  ['inbox', 'mail/folder/inbox'],
  ['drafts', 'mail/folder/drafts'],
  ['sent', 'mail/folder/sent'],
  ['trash', 'mail/folder/trash'],
  ['junk', 'mail/folder/spam'],
];

/** Default folders by id, from the configuration: for servers whose folder lists do not tell them. */
export async function defaultFolders(client: OxClient, options: Cancellable): Promise<ReadonlyMap<string, FolderRole>> {
  const found = await Promise.all(
    paths.map(async ([role, path]) => [await folderAt(client, path, options), role] as const),
  );
  return new Map(found.flatMap(([id, role]) => (id === undefined ? [] : [[id, role]])));
}

async function folderAt(client: OxClient, path: string, options: Cancellable): Promise<string | undefined> {
  try {
    const { data } = await client.call<unknown>({ module: `config/${path}` }, options);
    return data === null || data === undefined || data === '' ? undefined : idOf(data);
  } catch (error) {
    // A module that the user does not have.
    if (error instanceof GroupwareError && error.code !== 'UNAVAILABLE') return undefined;
    throw error;
  }
}
