import type { Cancellable, Directory, DirectoryEntry } from '@oxtender/bundle-api';
import { GroupwareError } from '@oxtender/bundle-api';
import { unlessRefused } from '../http/lasting-refusal';
import type { OxAnswer, OxCall } from '../http/ox-call';
import type { OxClient } from '../http/ox-client';
import type { OxError } from '../http/ox-error';
import { type OxRow, idOf } from './objects';
import type { PeopleDirectory } from './people-directory';

const globalAddressBook = '6';

/** Column by field of an entry. */
const columns = {
  displayName: 500,
  address: 555,
  firstName: 501,
  lastName: 502,
  alias: 515,
  title: 520,
  company: 569,
  department: 519,
  office: 522,
  businessPhone: 542,
  homePhone: 548,
  mobilePhone: 551,
} as const satisfies Partial<Record<keyof DirectoryEntry, number>>;

const names = Object.keys(columns) as (keyof typeof columns)[];

interface OxGroup {
  readonly display_name?: string;
  readonly name?: string;
  readonly members?: readonly (number | string)[];
}

interface OxResource {
  readonly display_name?: string;
  readonly mailaddress?: string;
}

/** The global address book with its groups and resources, and the user's own contacts. */
export class OxDirectory implements Directory {
  constructor(
    private readonly client: OxClient,
    private readonly people: PeopleDirectory,
  ) {}

  async search(
    text: string,
    { signal, offset, limit, contacts = false }: Parameters<Directory['search']>[1],
  ): ReturnType<Directory['search']> {
    const calls = [contactSearch(text, [globalAddressBook]), groupSearch('group', text), groupSearch('resource', text)];
    if (contacts) calls.push(contactSearch(text, undefined));
    const [users, groups, resources, own] = await this.client.all(calls, { signal });
    const entries = [
      ...rowsOf(users).map((row) => entryOf(row, 'user')),
      ...(await this.#groups(listOf<OxGroup>(groups), { signal })),
      ...listOf<OxResource>(resources).map(resourceEntry),
      // A search without a folder finds the global address book as well.
      ...rowsOf(own)
        .filter((row) => idOf(row[names.length]) !== globalAddressBook)
        .map((row) => entryOf(row, 'contact')),
    ].filter(({ kind, address }) => kind === 'group' || address !== '');
    entries.sort((a, b) => a.displayName.localeCompare(b.displayName));
    return { entries: entries.slice(offset, offset + limit), total: entries.length };
  }

  async picture(address: string, { signal }: Cancellable): ReturnType<Directory['picture']> {
    try {
      const call = { module: 'contacts/picture', action: 'get', parameters: { email: address } };
      const { contentType, content } = await this.client.download(call, { signal });
      const parts: Uint8Array[] = [];
      for await (const part of content) parts.push(part);
      const data = Buffer.concat(parts);
      return data.length > 0 ? { contentType, data } : undefined;
    } catch (error) {
      if (error instanceof GroupwareError && (error.code === 'NOT_FOUND' || error.code === 'UNSUPPORTED'))
        return undefined;
      throw error;
    }
  }

  async #groups(groups: readonly OxGroup[], options: Cancellable): Promise<DirectoryEntry[]> {
    await this.people.loadIds(
      groups.flatMap(({ members = [] }) => members.map(Number)),
      options,
    );
    return groups.map(({ display_name: displayName, name, members = [] }) => ({
      kind: 'group',
      displayName: displayName ?? name ?? '',
      address: '',
      members: members.flatMap((id) => {
        const person = this.people.byId(Number(id));
        return person && person.address !== '' ? [{ name: person.name, address: person.address }] : [];
      }),
    }));
  }
}

function contactSearch(text: string, folder: readonly string[] | undefined): OxCall {
  const pattern = { last_name: text, first_name: text, display_name: text, email1: text, email2: text, email3: text };
  const parameters = { columns: [...Object.values(columns), 20].join(), sort: 500, order: 'asc' };
  const body = { ...pattern, orSearch: true, ...(folder && { folder }) };
  return { module: 'contacts', action: 'search', parameters, body, repeatable: true };
}

function groupSearch(module: 'group' | 'resource', text: string): OxCall {
  return { module, action: 'search', body: { pattern: `${text}*` }, repeatable: true };
}

/** Too short a pattern, or a module that the user does not have, finds nothing. */
function listOf<T>(answer: OxAnswer | OxError | undefined): readonly T[] {
  const data = unlessRefused(answer)?.data;
  return Array.isArray(data) ? (data as T[]) : [];
}

function rowsOf(answer: OxAnswer | OxError | undefined): readonly OxRow[] {
  return listOf<OxRow>(answer);
}

function entryOf(row: OxRow, kind: 'user' | 'contact'): DirectoryEntry {
  const fields = names.flatMap((name, index) => {
    const value = row[index];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return { displayName: '', address: '', ...Object.fromEntries(fields), kind };
}

function resourceEntry({ display_name: displayName = '', mailaddress: address = '' }: OxResource): DirectoryEntry {
  return { kind: 'resource', displayName, address };
}
