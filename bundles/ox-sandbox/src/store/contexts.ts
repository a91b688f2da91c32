import { existsSync } from 'node:fs';
import { OxContext } from './context';
import type { User } from './users';

/** A user and the context that he is in. */
export interface Account {
  readonly context: OxContext;
  readonly user: User;
}

/** All contexts of a server. Context 1 lies in the server's file, context n in a file beside it. */
export class Contexts implements Disposable {
  readonly #open = new Map<number, OxContext>();

  constructor(
    private readonly file: string,
    private readonly now: () => number,
  ) {
    this.open(1);
    if (file === ':memory:') return;
    for (let id = 2; existsSync(this.#fileOf(id)); id++) this.open(id);
  }

  /** The context, created when it does not exist. Ids are consecutive. */
  open(id: number): OxContext {
    let context = this.#open.get(id);
    if (!context) this.#open.set(id, (context = new OxContext(id, this.#fileOf(id), this.now)));
    return context;
  }

  all(): OxContext[] {
    return [...this.#open.values()];
  }

  /** Who logs in with this name. */
  byLogin(login: string): Account | undefined {
    const exact = this.#find((context) => context.users.byLogin(login));
    // The default context is that of names without one.
    return exact ?? (login.includes('@') ? undefined : this.#find((context) => context.users.byLocalPart(login)));
  }

  /** Whose mailbox the address is. */
  byAddress(address: string): Account | undefined {
    return this.#find((context) => context.users.byAddress(address));
  }

  [Symbol.dispose](): void {
    for (const context of this.#open.values()) context[Symbol.dispose]();
    this.#open.clear();
  }

  #find(lookUp: (context: OxContext) => User | undefined): Account | undefined {
    for (const context of this.#open.values()) {
      const user = lookUp(context);
      if (user) return { context, user };
    }
    return undefined;
  }

  #fileOf(id: number): string {
    if (this.file === ':memory:' || id === 1) return this.file;
    return this.file.replace(/(\.[^./]*)?$/, `.${id}$1`);
  }
}
