import { AirSync, type Element, Ping, element } from '@oxtender/eas';
import type { Answer, Device, DeviceFolder } from '@oxtender/eas-device';
import type { HostProcess } from './host-process';
import { setUpPhone } from './phone';

/** One exchange; `signal` ends one that waits. Returns the Status in the answer, if it has one. */
type Ask = (phone: Device, signal: AbortSignal) => Promise<{ answer: Answer; status?: number }>;

const inboxOf = (phone: Device): DeviceFolder => phone.folderOfType(2);

async function sync(phone: Device, folder: DeviceFolder, signal: AbortSignal, ...rest: Element[]): ReturnType<Ask> {
  const collection = phone.collection(folder);
  const answer = await phone.send('Sync', phone.syncRequest([phone.collectionElement(collection)], ...rest), {
    signal,
  });
  return { answer, status: phone.takeSync(collection, answer).status };
}

const asks: Readonly<Record<string, Ask>> = {
  OPTIONS: async (phone) => ({ answer: await phone.options() }),
  'Sync, no change': (phone, signal) => sync(phone, inboxOf(phone), signal),
  'Sync, held': (phone, signal) => sync(phone, inboxOf(phone), signal, element(AirSync.Wait, 30)),
  'Sync, first': async (phone, signal) => {
    const contacts = phone.folderOfType(9);
    // A first window follows the key that key 0 asks for; after it the phone begins anew.
    const begun = phone.collection(contacts).syncKey !== '0';
    const round = await sync(phone, contacts, signal);
    if (begun) phone.collection(contacts).syncKey = '0';
    return round;
  },
  'Ping, held': async (phone, signal) => {
    const answer = await phone.send('Ping', phone.pingRequest([inboxOf(phone)], 900), { signal });
    return { answer, status: Number(answer.element?.child(Ping.Status)?.text ?? 0) };
  },
};

/** Phones that ask without pause, each in a way of its own. */
export class Load implements AsyncDisposable {
  /** How often each outcome came since the last look, by the way of asking: `200`, `200 status 1`, `busy`. */
  readonly #outcomes = new Map<string, Map<string, number>>();
  readonly #end = new AbortController();
  readonly #ended: Promise<unknown>;
  #told: () => void = () => undefined;

  private constructor(private readonly phones: ReadonlyMap<string, Device>) {
    this.#ended = Promise.all(Array.from(phones, ([name, phone]) => this.#askOn(name, phone)));
  }

  static async start(host: HostProcess): Promise<Load> {
    const phones = new Map<string, Device>();
    for (const name of Object.keys(asks)) {
      const phone = await setUpPhone(host, `LOAD${phones.size}`);
      await phone.syncAll(inboxOf(phone));
      phones.set(name, phone);
    }
    return new Load(phones);
  }

  /** What was no success, as `OPTIONS: 404`; a 503 with Retry-After is `busy`. */
  get failures(): string[] {
    return [...this.#outcomes].flatMap(([name, outcomes]) =>
      [...outcomes.keys()].filter((outcome) => !isSuccess(outcome)).map((outcome) => `${name}: ${outcome}`),
    );
  }

  /** Answers with success to one way of asking. */
  successes(name: string): number {
    const outcomes = [...(this.#outcomes.get(name) ?? [])];
    return outcomes.reduce((sum, [outcome, count]) => sum + (isSuccess(outcome) ? count : 0), 0);
  }

  /** Forgets what came so far. */
  reset(): void {
    this.#outcomes.clear();
  }

  /** Resolves when every phone that does not wait for news had `count` more successes. */
  async served(count: number): Promise<void> {
    const names = [...this.phones.keys()].filter((name) => !name.endsWith('held'));
    const wanted = names.map((name) => [name, this.successes(name) + count] as const);
    while (wanted.some(([name, successes]) => this.successes(name) < successes))
      await new Promise<void>((resolve) => (this.#told = resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#ended;
    for (const phone of this.phones.values()) await phone[Symbol.asyncDispose]();
  }

  async #askOn(name: string, phone: Device): Promise<void> {
    const { signal } = this.#end;
    const ask = asks[name];
    while (ask && !signal.aborted) {
      const outcome = await ask(phone, signal).then(outcomeOf, (error: unknown) =>
        signal.aborted ? '' : String(error),
      );
      if (outcome === '') return;
      const outcomes = this.#outcomes.get(name) ?? new Map<string, number>();
      this.#outcomes.set(name, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
      this.#told();
    }
  }
}

const isSuccess = (outcome: string): boolean => /^200( status 1)?$/.test(outcome);

function outcomeOf({ answer, status }: Awaited<ReturnType<Ask>>): string {
  if (answer.status === 503 && Number(answer.headers['retry-after']) > 0) return 'busy';
  return `${answer.status}${status === undefined ? '' : ` status ${status}`}`;
}
