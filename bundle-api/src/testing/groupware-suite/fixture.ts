import type { Folder, FolderRole } from '../../model/folder';
import type { Item } from '../../model/item';
import type { ItemClass } from '../../model/values';
import type { Credentials, GroupwareBridge } from '../../services/groupware/groupware-bridge';
import type { GroupwareSession } from '../../services/groupware/groupware-session';
import type { FolderRef } from '../../services/groupware/items';

/** A bridge under test, with two users of one tenant who may write to each other. @public */
export interface GroupwareFixture extends AsyncDisposable {
  readonly bridge: GroupwareBridge;
  /** The login is the user's address. */
  readonly alice: Credentials;
  readonly bob: Credentials;
  /** What the backend cannot keep by its nature. Default: it can all. */
  readonly limits?: GroupwareLimits;
}

/** What a backend cannot keep by its nature: the suite leaves it out. @public */
export interface GroupwareLimits {
  /** Fields of contacts that are not kept. */
  readonly contactFields?: readonly string[];
  /** Tasks have dates only. */
  readonly taskDatesOnly?: boolean;
  /** Files of appointments stay once they are there. */
  readonly filesStay?: boolean;
  /** A meeting is in the organizer's calendar only, until an invitation is applied. */
  readonly meetingsApart?: boolean;
  /** Mails have no conversations: each is dated by itself. */
  readonly noConversations?: boolean;
}

/** What a test does things with. */
export class Scene implements Disposable {
  readonly #sessions: GroupwareSession[] = [];
  readonly #stop = new AbortController();

  private constructor(
    readonly fixture: GroupwareFixture,
    readonly session: GroupwareSession,
  ) {
    this.#sessions.push(session);
  }

  /** Alice is logged in. */
  static async open(fixture: GroupwareFixture): Promise<Scene> {
    return new Scene(fixture, await fixture.bridge.login(fixture.alice, { signal: new AbortController().signal }));
  }

  /** For calls: never fires. */
  get options(): { signal: AbortSignal } {
    return { signal: this.#stop.signal };
  }

  /** Another session; ends with the scene. */
  async login(credentials: Credentials): Promise<GroupwareSession> {
    const session = await this.fixture.bridge.login(credentials, this.options);
    this.#sessions.push(session);
    return session;
  }

  /** A name that nothing else has. */
  name(): string {
    return `test ${crypto.randomUUID()}`;
  }

  /** A new, empty folder. */
  async folder<C extends ItemClass>(itemClass: C): Promise<FolderRef & { itemClass: C }> {
    const { id } = await this.session.createFolder({ name: this.name(), itemClass }, this.options);
    return { id, itemClass };
  }

  async defaultFolder<C extends ItemClass>(
    role: FolderRole,
    session = this.session,
  ): Promise<FolderRef & { itemClass: C }> {
    const folder = (await session.listFolders(this.options)).find((one) => one.role === role);
    if (!folder) throw new Error(`no folder for ${role}`);
    return folder as Folder & { itemClass: C };
  }

  create<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    item: Item<C>,
  ): ReturnType<GroupwareSession['create']> {
    return this.session.create(folder, item, { ...this.options, key: crypto.randomUUID() });
  }

  /** One item, whole. */
  async read<C extends ItemClass>(folder: FolderRef & { itemClass: C }, id: string): Promise<Item<C>> {
    const [found] = await this.session.read(folder, [id], { ...this.options, bodies: ['text', 'html'] });
    if (!found || found.error) throw found?.error ?? new Error('read answered nothing');
    return found.item;
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    for (const session of this.#sessions) session[Symbol.dispose]();
  }
}

/** Bytes of a stream. */
export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** Text as a stream of bytes. */
export async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text, 'utf8'));
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
