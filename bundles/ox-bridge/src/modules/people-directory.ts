import type { Cancellable } from '@oxtender/bundle-api';
import { type People, type Person, participantType } from '../columns/people';
import { isPassing, unlessRefused } from '../http/lasting-refusal';
import type { OxCall } from '../http/ox-call';
import type { OxClient } from '../http/ox-client';
import { OxError } from '../http/ox-error';
import type { OxRow } from './objects';

/** Users are asked for this many at a time. */
const globalAddressBook = '6';

/** What is known of the people of a context, kept with the account for a while. */
export interface PeopleCache {
  readonly byId: Map<number, Person>;
  /** Lower-case address; 0 for addresses that nobody inside has. */
  readonly byAddress: Map<string, number>;
  /** Id of each room and other thing that can be booked, by lower-case address. Absent: not asked for yet. */
  resources?: ReadonlyMap<string, number>;
}

interface OxResource {
  readonly id?: number | string;
  readonly mailaddress?: string;
}

/** Names and addresses of internal users, fetched before they are needed, all at once. */
export class PeopleDirectory implements People {
  constructor(
    private readonly client: OxClient,
    readonly userId: number,
    ownAddresses: readonly string[],
    private readonly cache: PeopleCache,
  ) {
    for (const address of ownAddresses) cache.byAddress.set(address.toLowerCase(), userId);
  }

  byId(id: number): Person | undefined {
    return this.cache.byId.get(id);
  }

  byAddress(address: string): { id: number; type: number } | undefined {
    const id = this.cache.byAddress.get(address.toLowerCase()) ?? 0;
    return id > 0 ? { id, type: participantType.user } : undefined;
  }

  /** Makes {@link People.byId} answer for these. */
  async loadIds(ids: Iterable<number>, options: Cancellable): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => id > 0 && !this.cache.byId.has(id));
    if (missing.length === 0) return;
    const parameters = { columns: '1,500,555' };
    const call = { module: 'user', action: 'list', parameters, body: missing, repeatable: true };
    for (const row of await this.#rowsOf(call, options)) if (row) this.#remember(Number(row[0]), row[1], row[2]);
    // Deleted users are not asked for again.
    for (const id of missing) if (!this.cache.byId.has(id)) this.cache.byId.set(id, { name: '', address: '' });
  }

  /** Makes {@link People.byAddress} answer for these. */
  async loadAddresses(addresses: Iterable<string>, options: Cancellable): Promise<void> {
    const missing = [...new Set(Array.from(addresses, (one) => one.toLowerCase()))].filter(
      (one) => one !== '' && !this.cache.byAddress.has(one),
    );
    if (missing.length === 0) return;
    const answers = await this.client.all(missing.map(searchFor), options);
    missing.forEach((address, index) => {
      const rows = (unlessRefused(answers[index])?.data ?? []) as OxRow[];
      const found = rows.find((row) => row.slice(2).some((one) => String(one).toLowerCase() === address));
      const id = Number(found?.[0] ?? 0);
      this.cache.byAddress.set(address, id);
      if (found && id > 0) this.#remember(id, found[1], found[2]);
    });
  }

  /** Ids of rooms and other things that can be booked, by lower-case address. */
  async loadResources(options: Cancellable): Promise<ReadonlyMap<string, number>> {
    const known = this.cache.resources;
    if (known) return known;
    const call = { module: 'resource', action: 'search', body: { pattern: '*' }, repeatable: true };
    const [answer] = await this.client.all([call], options);
    const found = (unlessRefused(answer)?.data ?? []) as readonly OxResource[];
    const byAddress = new Map(
      found.map(({ id, mailaddress = '' }) => [mailaddress.toLowerCase(), Number(id ?? 0)] as const),
    );
    this.cache.resources = byAddress;
    return byAddress;
  }

  /** A user who may not see the others still has appointments with them: without their names. */
  async #rowsOf(call: OxCall, options: Cancellable): Promise<readonly (OxRow | null)[]> {
    try {
      return (await this.client.call<(OxRow | null)[]>(call, options)).data;
    } catch (error) {
      if (error instanceof OxError && !isPassing(error)) return [];
      throw error;
    }
  }

  #remember(id: number, name: unknown, address: unknown): void {
    this.cache.byId.set(id, { name: textOf(name), address: textOf(address) });
  }
}

function searchFor(address: string) {
  const body = { email1: address, email2: address, email3: address, orSearch: true, folder: [globalAddressBook] };
  return {
    module: 'contacts',
    action: 'search',
    parameters: { columns: '524,500,555,556,557' },
    body,
    repeatable: true,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
