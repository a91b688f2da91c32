import { type Clock, ServiceGoneError, type ServiceReference, type ServiceToken } from '@oxtender/bundle-api';

/** A handle on a service that can be taken back (rule S24). */
export interface GuardedService extends Disposable {
  readonly handle: unknown;
}

/**
 * Wraps a service: after its end every use of the handle throws; calls that run finish. Methods are called on the service
 * itself, so that its private members work.
 */
export function guardService(
  service: unknown,
  { reference, token, clock }: { reference: ServiceReference; token: ServiceToken<unknown>; clock: Clock },
): GuardedService {
  const bundle = reference.bundle?.symbolicName ?? 'a bundle';
  let since: number | undefined;
  const assertThere = (): void => {
    if (since !== undefined) throw new ServiceGoneError(token.id, bundle, since);
  };
  const methods = new WeakMap<object, unknown>();
  const handle = new Proxy(service as object, {
    get: (target, key) => {
      assertThere();
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function' || isFixed(target, key)) return value;
      if (!methods.has(value)) methods.set(value, guardMethod(target, value, assertThere));
      return methods.get(value);
    },
    set: (target, key, value) => {
      assertThere();
      return Reflect.set(target, key, value, target);
    },
    apply: (target, thisArgument, parameters) => {
      assertThere();
      return Reflect.apply(target as (...values: unknown[]) => unknown, thisArgument, parameters);
    },
  });
  return { handle, [Symbol.dispose]: () => void (since ??= clock.now()) };
}

/** A method that was taken from the handle ends with it, too. */
function guardMethod(target: object, method: unknown, assertThere: () => void): (...parameters: unknown[]) => unknown {
  return (...parameters) => {
    assertThere();
    return Reflect.apply(method as (...values: unknown[]) => unknown, target, parameters);
  };
}

/** A proxy must show such a property as it is. */
function isFixed(target: object, key: string | symbol): boolean {
  const property = Object.getOwnPropertyDescriptor(target, key);
  return property?.configurable === false && property.writable === false;
}
