import type { DatabaseConnection, GroupwareBridge, GroupwareSession } from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';

/** What a call of a killed process ends with: nobody sees it but the test. */
export class Killed extends Error {}

/** When the process dies: at the n-th step that touches the database or the groupware, before or after it took effect. */
export interface Kill {
  readonly step: number;
  readonly moment: 'before' | 'after';
}

/**
 * One life of a process: every step that leaves it is counted; once it is killed no further step happens.
 */
export class Life {
  #steps = 0;
  #isDead = false;
  #kill: Kill | undefined;

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Dies at the n-th step from now. */
  arm(kill: Kill): void {
    this.#kill = { ...kill, step: this.#steps + kill.step };
  }

  disarm(): void {
    this.#kill = undefined;
  }

  async step<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseDead();
    this.#steps += 1;
    const dies = this.#kill?.step === this.#steps ? this.#kill.moment : undefined;
    if (dies === 'before') this.#die();
    const result = await work();
    if (dies === 'after') this.#die();
    this.#refuseDead();
    return result;
  }

  bridge(bridge: GroupwareBridge): GroupwareBridge {
    return {
      name: bridge.name,
      login: async (credentials, options) => this.session(await bridge.login(credentials, options)),
    };
  }

  /** All methods that return a promise are steps. */
  session(session: GroupwareSession): GroupwareSession {
    return new Proxy(session, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        if (name === 'share') return () => this.session((value as () => GroupwareSession).call(target));
        if (name === 'watch' || typeof name === 'symbol') return value.bind(target) as unknown;
        return (...parameters: unknown[]) =>
          this.step(() => Reflect.apply(value, target, parameters) as Promise<unknown>);
      },
    });
  }

  connection(connection: DatabaseConnection): DatabaseConnection {
    const wrap = <T extends { query: EntityManager['query'] }>(target: T): T =>
      new Proxy(target, {
        get: (_target, name) => {
          if (name === 'query') return (sql: string, values: unknown[]) => this.step(() => target.query(sql, values));
          if (name === 'manager') return wrap((target as unknown as { manager: T }).manager);
          return Reflect.get(target, name, target) as unknown;
        },
      });
    return {
      dialect: connection.dialect,
      dataSource: wrap(connection.dataSource),
      transaction: (work, options) =>
        this.step(() => connection.transaction((manager) => work(wrap(manager)), options)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  #die(): never {
    this.#isDead = true;
    throw new Killed('killed');
  }

  #refuseDead(): void {
    if (this.#isDead) throw new Killed('dead');
  }
}
