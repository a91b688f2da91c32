import type { Credentials, GroupwareBridge, LoginOptions } from '../services/groupware/groupware-bridge';
import { GroupwareError } from '../services/groupware/groupware-error';
import type { GroupwareSession } from '../services/groupware/groupware-session';
import { FaultPoints, type RecordedCall } from './groupware/fault-points';
import { MemoryAccount, type MemoryGroup, type MemoryUser } from './groupware/memory-account';
import { MemoryCalls } from './groupware/memory-calls';
import { type MemoryBehaviour, MemorySession } from './groupware/memory-session';
import { MemoryStore } from './groupware/memory-store';

/**
 * A {@link GroupwareBridge} over plain objects, for tests of what stands on a bridge: several users with all default
 * folders, every class, shared folders, deltas with tombstones, watching, sending among its users.
 *
 * ```ts
 * const groupware = new MemoryGroupware();
 * const anna = groupware.addUser({ login: 'anna@example.org' });
 * anna.put(anna.folder('contacts').id, { displayName: 'Bob' });
 * groupware.faults.fail('create', new GroupwareError('UNAVAILABLE', 'gone'), { moment: 'after' });
 * ```
 *
 * @public
 */
export class MemoryGroupware implements GroupwareBridge {
  readonly name = 'memory';
  /** Method names are those of the contract: `login`, `list`, `send`; parts with their name: `directory.search`. */
  readonly faults = new FaultPoints();
  /** All calls since the beginning, or since a test emptied it. */
  readonly calls: RecordedCall[] = [];
  /** May be changed at any time. */
  readonly behaviour: MemoryBehaviour;
  readonly #store = new MemoryStore();
  readonly #accounts = new Map<string, MemoryAccount>();
  readonly #groups: MemoryGroup[] = [];
  readonly #open = new Set<GroupwareSession>();

  constructor(behaviour: Partial<MemoryBehaviour> = {}) {
    this.behaviour = { snapshots: [], recordsIn: 'deltas', watchCovers: true, ...behaviour };
  }

  /** Handles that were not disposed. */
  get openSessions(): number {
    return this.#open.size;
  }

  /** Makes a user with all default folders; the default password is `secret`. */
  addUser(user: MemoryUser): MemoryAccount {
    const { login, password = 'secret', displayName = login, primaryAddress = login, timeZone = 'UTC' } = user;
    const record = { displayName, primaryAddress, timeZone, addresses: [primaryAddress], locale: 'en_US' };
    this.#store.addUser(login);
    const userId = this.#accounts.size + 1;
    const account = new MemoryAccount({ contextId: 1, userId, login, ...record }, password, this.#store, user);
    this.#accounts.set(login, account);
    return account;
  }

  /** Puts a group into the address list. */
  addGroup(group: MemoryGroup): void {
    this.#groups.push(group);
  }

  /** The account of a user. @throws Error when there is none */
  account(login: string): MemoryAccount {
    const account = this.#accounts.get(login);
    if (!account) throw new Error(`no user ${login} in this groupware`);
    return account;
  }

  async login({ login, password }: Credentials, { signal }: LoginOptions): Promise<GroupwareSession> {
    this.calls.push({ method: 'login', login });
    return this.faults.run('login', signal, () => {
      const account = this.#accounts.get(login);
      if (account?.password !== password) throw new GroupwareError('AUTHENTICATION', 'user name or password refused');
      if (!account.allowed) throw new GroupwareError('NOT_ALLOWED', 'the account may not synchronise');
      return this.#openSession(account);
    });
  }

  #openSession(account: MemoryAccount): GroupwareSession {
    const loginOf = (address: string): string | undefined =>
      [...this.#accounts.values()].find(({ user }) => user.addresses.includes(address.toLowerCase()))?.user.login;
    const calls = new MemoryCalls(account.user.login, this.#store, { faults: this.faults, calls: this.calls, loginOf });
    const session = new MemorySession(account, calls, this.behaviour, {
      accounts: () => [...this.#accounts.values()],
      groups: () => this.#groups,
    });
    this.#open.add(session);
    calls.onDispose = () => void this.#open.delete(session);
    return session;
  }
}
