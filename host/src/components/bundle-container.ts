import 'reflect-metadata';
import type { ServiceToken } from '@oxtender/bundle-api';
import { container as globalContainer, type DependencyContainer } from 'tsyringe';
import type { ComponentDeclaration, ReferencePlace } from './declaration';

/** A host constant that bundles inject: `Logger`, `Clock`… */
export interface HostConstant<T = unknown> {
  readonly token: ServiceToken<T>;
  readonly value: T;
}

export interface ConstructionInput {
  /** Services of constructor parameters, by the place of their reference. */
  readonly values: ReadonlyMap<ReferencePlace, unknown>;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/**
 * The tsyringe child container of one generation of a bundle (rule C1). Host constants and services enter it as values
 * (rule C2), component classes as factories (rule C4): nothing of the bundle reaches tsyringe's own registries.
 */
export class BundleContainer implements Disposable {
  readonly #container: DependencyContainer;

  constructor(constants: readonly HostConstant[]) {
    this.#container = globalContainer.createChildContainer();
    for (const { token, value } of constants) this.#container.register(token.id, { useValue: value });
  }

  /** Makes an object of a component's class. @throws what the constructor throws */
  construct(declaration: ComponentDeclaration, { values, configuration }: ConstructionInput): object {
    const byIndex = new Map(
      [...values].flatMap(([place, value]) => (place.kind === 'parameter' ? [[place.index, value]] : [])),
    );
    const construction = this.#container.createChildContainer();
    construction.register(declaration.Class, {
      useFactory: (container) =>
        new declaration.Class(
          ...declaration.parameters.map((source, index) => {
            if (source.kind === 'reference') return byIndex.get(index);
            if (source.kind === 'config') return configuration;
            return container.resolve(source.token.id);
          }),
        ),
    });
    return construction.resolve(declaration.Class);
  }

  [Symbol.dispose](): void {
    void this.#container.dispose();
  }
}
