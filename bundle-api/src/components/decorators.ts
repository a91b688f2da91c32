import 'reflect-metadata';
import type { ServiceToken } from '../framework/token';
import type { ComponentMetadata, ComponentOptions, ParameterSource, ReferenceOptions } from './metadata';
import { metadataOf } from './metadata';

/**
 * Declares a component: a class that the host creates when its references are satisfied and disposes when one
 * goes. OSGi Compendium, "Declarative Services"; reference section 9.
 *
 * @public
 */
export function Component(options: ComponentOptions = {}): ClassDecorator {
  return (target) => {
    const metadata: ComponentMetadata = metadataOf(target);
    metadata.options = options;
  };
}

/**
 * A service from the registry, on a constructor parameter or a property.
 * On a property, `bind`, `unbind` and `updated` name methods of the class.
 *
 * @public
 */
export function Reference<T>(
  token: ServiceToken<T>,
  options: ReferenceOptions = {},
): PropertyDecorator & ParameterDecorator {
  return (target: object, key: string | symbol | undefined, index?: number) => {
    const owner = typeof target === 'function' ? target : target.constructor;
    const metadata = metadataOf(owner);
    if (typeof index === 'number') setParameter(metadata, index, { kind: 'reference', token, options });
    else if (key !== undefined) metadata.properties.push({ key, token, options });
  };
}

/** A host constant: `Logger`, `Clock`, `Metrics`, `Scheduler`, `BundleContext`. On a constructor parameter. @public */
export function Inject(token: ServiceToken<unknown>): ParameterDecorator {
  return (target, _key, index) => setParameter(metadataOf(target), index, { kind: 'constant', token });
}

/**
 * The component's configuration, typed by its JSON Schema and frozen, on a constructor parameter.
 * Which PIDs: `configurationPid` of {@link Component}.
 *
 * @param options - `watch`: keys whose changes matter, `eas.*` for all that begin so; default: all (rule G19)
 *
 * @public
 */
export function Config(options: { watch?: readonly string[] } = {}): ParameterDecorator {
  return (target, _key, index) => setParameter(metadataOf(target), index, { kind: 'config', watch: options.watch });
}

function lifecycle(name: 'activate' | 'modified' | 'deactivate'): () => MethodDecorator {
  return () => (target, key) => {
    metadataOf(target.constructor)[name] = key;
  };
}

/** Called, and awaited, before the service is visible: `(context: ComponentContext)`. @public */
export const Activate = lifecycle('activate');
/** Called with the new configuration instead of a new instance (rule C27): `(config)`. @public */
export const Modified = lifecycle('modified');
/** Called, and awaited, after the service was taken away: `(reason: DeactivationReason)`. @public */
export const Deactivate = lifecycle('deactivate');

function setParameter(metadata: ComponentMetadata, index: number, source: ParameterSource): void {
  metadata.parameters[index] = source;
}
