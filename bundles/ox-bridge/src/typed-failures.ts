import { GroupwareError } from '@oxtender/bundle-api';

/** What JavaScript throws when a value is not what it was taken for. */
const misunderstandings = [TypeError, RangeError, SyntaxError];

/**
 * The same object, whose methods never fail by an error that the contract does not name: what OX answers may be JSON of the
 * right form and still make no sense.
 */
export function typedFailures<T extends object>(target: T): T {
  const methods = new Map<PropertyKey, unknown>();
  return new Proxy(target, {
    get(object, property) {
      const value: unknown = Reflect.get(object, property, object);
      if (typeof value !== 'function') return value;
      let method = methods.get(property);
      if (method === undefined) methods.set(property, (method = guarded(value.bind(object) as Method)));
      return method;
    },
  });
}

/** The same for all objects of a class, at no cost for each of them. */
export function TypedFailures<C extends abstract new (...parameters: never[]) => object>(target: C): void {
  const prototype = target.prototype as object;
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value !== 'function' || name === 'constructor') continue;
    const method = value as Method;
    Object.defineProperty(prototype, name, { value: guarded(method), writable: true, configurable: true });
  }
}

type Method = (this: unknown, ...parameters: unknown[]) => unknown;

function guarded(method: Method): Method {
  return function (this: unknown, ...parameters) {
    const result = method.apply(this, parameters);
    return result instanceof Promise ? result.catch(failTyped) : result;
  };
}

function failTyped(error: unknown): never {
  if (!misunderstandings.some((kind) => error instanceof kind)) throw error;
  throw new GroupwareError('BROKEN_ANSWER', 'OX gave an answer that makes no sense', { cause: error });
}
