import type { ServiceFactory } from '@oxtender/bundle-api';
import { ServiceError } from '@oxtender/bundle-api';
import type { ServiceLedger } from './service-ledger';
import type { ServiceRecord } from './service-record';

/**
 * One bundle's use of one service: how often it holds it, and what its factory made for it (rules S12 to S16).
 * There is one as long as the bundle holds anything, so that the lists of users are exact (rule S17).
 */
export class ServiceUse {
  #count = 0;
  /** What the factory made for this bundle (rule S13). */
  #made: unknown;
  /** What it made one by one (rule S14). */
  readonly #objects = new Set<unknown>();
  #making = false;
  #recursed = false;
  #pending: Promise<unknown> | undefined;
  /** Objects that are being made one by one. */
  #underway = 0;

  private constructor(
    private readonly record: ServiceRecord,
    private readonly ledger: ServiceLedger,
  ) {}

  /** The bundle's use of the service, begun when there is none. */
  static of(record: ServiceRecord, ledger: ServiceLedger): ServiceUse {
    record.uses ??= new Map();
    let use = record.uses.get(ledger);
    if (!use) {
      use = new ServiceUse(record, ledger);
      record.uses.set(ledger, use);
      ledger.used.add(record);
    }
    return use;
  }

  /** Gets the service and counts it; undefined when the factory fails. */
  get(): unknown {
    const { factory } = this.record;
    if (this.#pending) return undefined;
    if (!factory || this.#count > 0) {
      this.#count++;
      return factory ? this.#made : this.record.service;
    }
    return this.#keep(this.#make(factory));
  }

  /** As {@link ServiceUse.get}, waiting for a factory whose making waits; concurrent gets make once (rule C12). */
  async getAsync(): Promise<unknown> {
    const { factory } = this.record;
    if (!factory?.getServiceAsync || this.#count > 0) return this.get();
    const pending = (this.#pending ??= this.#makeAsync(factory));
    const made = await pending;
    if (this.#pending === pending) this.#pending = undefined; // not before: nobody else may take this use for ended
    if (this.#count === 0) return this.#keep(made);
    this.#count++;
    return made;
  }

  /** True if it was held. */
  unget(): boolean {
    if (this.#count === 0) return false;
    this.#count--;
    if (this.#count === 0) this.#giveBack(this.#takeMade());
    return true;
  }

  /** A service object of its own, for prototypes. */
  getObject(): unknown {
    const { factory, scope } = this.record;
    if (!factory || scope !== 'prototype') return this.get();
    const object = this.#make(factory);
    if (object !== undefined) this.#objects.add(object);
    this.#endIfUnused();
    return object;
  }

  /**
   * As {@link ServiceUse.getObject}, waiting for a factory whose making waits.
   *
   * @param wanted - whether the consumer is still there, asked when the object is made
   */
  async getObjectAsync(wanted: () => boolean): Promise<unknown> {
    const { factory, scope } = this.record;
    if (!factory?.getServiceAsync || scope !== 'prototype') return this.getAsync();
    this.#underway++;
    const object = await this.#makeAsync(factory);
    this.#underway--;
    if (this.record.state === 'gone' || !wanted()) {
      this.#giveBack(object);
      return undefined;
    }
    if (object !== undefined) this.#objects.add(object);
    this.#endIfUnused();
    return object;
  }

  /** @throws TypeError for an object that this bundle does not hold */
  ungetObject(object: unknown): void {
    if (this.record.scope === 'prototype' ? this.#objects.delete(object) : this.#count > 0 && object === this.#held()) {
      if (this.record.scope === 'prototype') this.#giveBack(object);
      else this.unget();
    } else throw new TypeError('the service object was not got here, or is released already');
  }

  /** Releases whatever is held (rule S22). */
  release(): void {
    const held = [...this.#objects];
    this.#objects.clear();
    if (this.#count > 0) {
      this.#count = 0;
      held.push(this.#takeMade());
    }
    this.#endIfUnused();
    for (const object of held) this.#giveBack(object);
  }

  #held(): unknown {
    return this.record.factory ? this.#made : this.record.service;
  }

  #takeMade(): unknown {
    const made = this.#made;
    this.#made = undefined;
    return made;
  }

  #keep(made: unknown): unknown {
    if (made !== undefined && this.record.state === 'gone') {
      this.#giveBack(made);
      return undefined;
    }
    if (made !== undefined) {
      this.#made = made;
      this.#count = 1;
    }
    this.#endIfUnused();
    return made;
  }

  #endIfUnused(): void {
    if (this.#count > 0 || this.#objects.size > 0 || this.#making || this.#pending || this.#underway > 0) return;
    if (this.record.uses?.get(this.ledger) === this) {
      this.record.uses.delete(this.ledger);
      this.ledger.used.delete(this.record);
    }
  }

  /** Recursion gives undefined to the inner and to the outer call (rule S16). */
  #make(factory: ServiceFactory<unknown>): unknown {
    if (this.#making) {
      this.#recursed = true;
      this.#fail('FACTORY_RECURSION', 'the factory gets its own service');
      return undefined;
    }
    this.#making = true;
    this.#recursed = false;
    try {
      const made = factory.getService(this.ledger.bundle, this.record.registration);
      if (this.#wasRecursed() || (made === undefined && factory.getServiceAsync)) return undefined;
      return this.#checked(made);
    } catch (cause) {
      this.#fail('FACTORY_EXCEPTION', 'the factory threw', cause);
      return undefined;
    } finally {
      this.#making = false;
    }
  }

  /** Set by a call from inside the factory. */
  #wasRecursed(): boolean {
    return this.#recursed;
  }

  async #makeAsync(factory: ServiceFactory<unknown>): Promise<unknown> {
    try {
      const made = await factory.getServiceAsync?.(this.ledger.bundle, this.record.registration);
      return this.#checked(made);
    } catch (cause) {
      this.#fail('FACTORY_EXCEPTION', 'the factory threw', cause);
      return undefined;
    }
  }

  #checked(made: unknown): unknown {
    if (made === undefined && this.record.factory?.getServiceAsync) return undefined; // not made yet
    const nothing = made === undefined || made === null;
    const refusing = nothing ? undefined : this.record.tokens.find((token) => token.guard && !token.guard(made));
    if (!nothing && !refusing) return made;
    this.#fail('FACTORY_ERROR', `the factory made ${refusing ? `no ${refusing.id}` : 'nothing'}`);
    return undefined;
  }

  #fail(code: ServiceError['code'], text: string, cause?: unknown): void {
    const error = new ServiceError(code, `${this.record.reference.toString()}: ${text}`, { cause });
    this.record.registry.report('ERROR', this.record.owner.bundle, error);
  }

  #giveBack(object: unknown): void {
    this.#endIfUnused();
    if (this.record.factory && object !== undefined) this.#callUnget(object);
  }

  #callUnget(object: unknown): void {
    try {
      this.record.factory?.ungetService(this.ledger.bundle, this.record.registration, object);
    } catch (cause) {
      const error = new ServiceError('FACTORY_EXCEPTION', `${this.record.reference.toString()}: ungetService threw`, {
        cause,
      });
      this.record.registry.report('WARNING', this.record.owner.bundle, error);
    }
  }
}
