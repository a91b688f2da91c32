import { AirSync, Contacts, type Element, element } from '@oxtender/eas';
import {
  type Account,
  Device,
  type DeviceChange,
  type DeviceFolder,
  type DeviceProfile,
  type Round,
} from '@oxtender/eas-device';

/** Milliseconds before a phone asks again that got no answer. */
const backOff = 200;

/** What the phones of a fleet saw and did. */
export class FleetRecord {
  /** Requests that were answered as they should be. */
  answered = 0;
  /** Requests without an answer, or with one that means: later. */
  refused = 0;
  /** By what the refusal was. */
  readonly refusals = new Map<string, number>();
  /** Tags of contacts that were made, and of those that a user deleted. */
  readonly made = new Set<string>();
  readonly deleted = new Set<string>();
  #waiting: { readonly isReached: () => boolean; readonly resolve: () => void }[] = [];

  count(refusal?: string): void {
    if (refusal === undefined) this.answered++;
    else {
      this.refused++;
      this.refusals.set(refusal, (this.refusals.get(refusal) ?? 0) + 1);
    }
    for (const { isReached, resolve } of this.#waiting) if (isReached()) resolve();
    this.#waiting = this.#waiting.filter(({ isReached }) => !isReached());
  }

  /** Resolves when the condition holds after a request. */
  until(isReached: () => boolean): Promise<void> {
    if (isReached()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isReached, resolve }));
  }
}

/** A phone whose user edits contacts, and which repeats each request until it is answered. */
export class Phone implements AsyncDisposable {
  readonly #device: Device;
  #folder: DeviceFolder | undefined;
  #made = 0;

  constructor(
    account: Account,
    profile: DeviceProfile,
    readonly id: string,
    private readonly record: FleetRecord,
    private readonly random: () => number,
  ) {
    this.#device = new Device(account, profile, id);
  }

  /** The contacts on the phone: last and first name. */
  get contacts(): string[] {
    return [...this.#items.values()].map((item) =>
      nameOf(item.child(Contacts.LastName), item.child(Contacts.FirstName)),
    );
  }

  async setUp(): Promise<void> {
    const { connection, folders } = this.#device;
    await this.#device.options();
    await this.#untilServed('Provision', async () => {
      const { status } = await this.#device.provision();
      return { status, isServed: connection.policyKey !== '0' };
    });
    await this.#untilServed('FolderSync', async () => {
      const { status } = await this.#device.folderSync();
      return { status, isServed: folders.size > 0 };
    });
    this.#folder = this.#device.folderOfType(9);
    await this.#device.syncAll(this.#folder);
  }

  /** The user does something, and the phone tells it. */
  async turn(): Promise<void> {
    const change = this.#change();
    const round = await this.#exchange(change ? [change] : []);
    if (change?.kind === 'add') this.#confirm(change.data, round);
  }

  /** Takes all that is left. @returns true when something was */
  async catchUp(): Promise<boolean> {
    for (let news = false; ; news = true) {
      const { added, changed, deleted, softDeleted, moreAvailable } = await this.#exchange([]);
      const isQuiet = added.length + changed.length + deleted.length + softDeleted.length === 0;
      if (isQuiet && !moreAvailable) return news;
    }
  }

  /** Only a server that is busy is asked again. */
  async #untilServed(command: string, ask: () => Promise<{ status: number; isServed: boolean }>): Promise<void> {
    for (;;) {
      const { status, isServed } = await ask();
      if (isServed) return;
      if (status !== 503) throw new Error(`${this.id}: ${command} was answered with HTTP ${status}, and refused`);
      this.record.count(`first ${command}: HTTP ${status}`);
      await new Promise((resolve) => setTimeout(resolve, backOff));
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#device[Symbol.asyncDispose]();
  }

  get #contacts(): DeviceFolder {
    if (!this.#folder) throw new Error('the phone is not set up');
    return this.#folder;
  }

  get #items(): Map<string, Element> {
    return this.#device.collection(this.#contacts).items;
  }

  /** Shows on the phone at once; a new contact when the server has given it an id. */
  #change(): DeviceChange | undefined {
    const ids = [...this.#items.keys()];
    const serverId = ids[Math.floor(this.random() * ids.length)];
    const what = this.random();
    const number = ++this.#made;
    if (what < 0.4 || serverId === undefined) {
      const tag = `${this.id}-${number}`;
      this.record.made.add(tag);
      const data = [element(Contacts.FirstName, 'new'), element(Contacts.LastName, tag)];
      return { kind: 'add', clientId: `c${number}`, data };
    }
    const item = this.#items.get(serverId)!;
    if (what < 0.8) {
      const last = item.child(Contacts.LastName)?.text ?? '';
      const data = [element(Contacts.FirstName, `${this.id} ${number}`), element(Contacts.LastName, last)];
      const others = item.children.filter(({ tag }) => data.every((one) => one.tag !== tag));
      this.#items.set(serverId, element(item.tag, [...others, ...data]));
      return { kind: 'change', serverId, data };
    }
    if (what < 0.9) return undefined;
    this.record.deleted.add(item.child(Contacts.LastName)?.text ?? '');
    this.#items.delete(serverId);
    return { kind: 'delete', serverId };
  }

  /** The same request until it is answered. */
  async #exchange(changes: readonly DeviceChange[]): Promise<Round> {
    for (;;) {
      const round = await this.#ask(changes);
      if (typeof round !== 'string') {
        this.record.count();
        return round;
      }
      this.record.count(round);
      await new Promise((resolve) => setTimeout(resolve, backOff));
    }
  }

  /** @returns the answer, or why it must be asked again */
  async #ask(changes: readonly DeviceChange[]): Promise<Round | string> {
    try {
      const round = await this.#device.sync(this.#contacts, { changes });
      if (round.status === 3) throw new SyncKeyRefused(`${this.id}: the server forgot a key that it gave out`);
      if (round.http !== 200) return `HTTP ${round.http}`;
      return round.status === 1 ? round : `Status ${round.status}`;
    } catch (error) {
      if (error instanceof SyncKeyRefused) throw error;
      const { code } = error as { code?: string };
      if (code === undefined) throw error;
      return code;
    }
  }

  #confirm(data: readonly Element[], { responses }: Round): void {
    const added = responses.find(({ tag }) => tag === AirSync.Add);
    const status = added?.child(AirSync.Status)?.text;
    const serverId = added?.child(AirSync.ServerId)?.text;
    if (status !== '1' || serverId === undefined) throw new Error(`${this.id}: a new contact got status ${status}`);
    if (!this.#items.has(serverId)) this.#items.set(serverId, element(AirSync.ApplicationData, ...data));
  }
}

/** The phone would have to begin anew. */
class SyncKeyRefused extends Error {}

export function nameOf(last: { text: string } | undefined, first: { text: string } | undefined): string {
  return `${last?.text ?? ''} / ${first?.text ?? ''}`;
}
