import type { Bundle, ComponentReport } from '@oxtender/bundle-api';
import { declaredServices } from '../framework/declared-services';
import { allBundles, bundlesNamed, shortName } from './bundle-names';
import { didYouMean, nearestNames } from './nearest';
import type { OperatedHost } from './operated-host';

/** Why something is not there, and why that is so in turn. */
export interface Cause {
  /** A clause: `bundle storage is disabled`. */
  readonly what: string;
  /** What the operator can do about it. */
  readonly remedy: string | undefined;
  /** True when nothing is wrong. */
  readonly fine: boolean;
  readonly because: readonly Cause[];
}

/** Finds out why bundles, components and services are not there: the chain down to what an operator can change. */
export class Explainer {
  readonly #seen = new Set<unknown>();

  constructor(private readonly host: OperatedHost) {}

  /** @throws Error when nothing is known by this name */
  explain(name: string): Cause {
    const { components, context } = this.host;
    const [bundle] = bundlesNamed(context, name);
    if (bundle) return this.#bundle(bundle);
    const component = components.list().find((report) => report.name === name);
    if (component) return this.#component(component);
    if (this.#services().has(name)) return this.#service(name);
    throw new Error(`there is no bundle, component or service ${name}${this.#suggestion(name)}`);
  }

  #suggestion(name: string): string {
    const { components, context } = this.host;
    const known = [
      ...allBundles(context).map(shortName),
      ...components.list().map((report) => report.name),
      ...this.#services(),
    ];
    const near = nearestNames(name, known);
    return near.length > 0 ? `: ${didYouMean(near)}` : ': see oxtender bundles, oxtender scr list, oxtender services';
  }

  #bundle(bundle: Bundle): Cause {
    const name = `bundle ${shortName(bundle)}`;
    if (this.#enter(bundle)) return leaf(`${name} is explained above`);
    const { framework, components } = this.host;
    const { disabled, autostart, startLevel, lastError } = framework.operator.status(bundle);
    if (disabled) return leaf(`${name} is disabled`, `oxtender enable ${shortName(bundle)}`);
    if (bundle.state === 'ACTIVE') {
      const waiting = components
        .list(bundle)
        .filter(({ state }) => !['active', 'satisfied', 'activating'].includes(state));
      return node(
        waiting.length > 0 ? `${name} is active, but not all of it works` : `${name} is active`,
        waiting.map((each) => this.#component(each)),
      );
    }
    if (bundle.state === 'INSTALLED') {
      const { resolvable, text } = framework.wiring.explain(bundle);
      if (!resolvable) return leaf(`${name} does not resolve: ${text}`, `oxtender diag ${shortName(bundle)}`);
    }
    if (autostart === 'stopped') return leaf(`${name} was stopped`, `oxtender start ${shortName(bundle)}`);
    if (startLevel > framework.startLevel.level)
      return leaf(
        `${name} starts at level ${startLevel}, and the host is at ${framework.startLevel.level}`,
        `oxtender startlevel ${startLevel}`,
      );
    if (lastError !== undefined)
      return leaf(`${name} failed to start: ${lastError}`, `oxtender log get --name ${bundle.symbolicName}`);
    return leaf(`${name} is ${bundle.state}`, `oxtender start ${shortName(bundle)}`);
  }

  #component({ name, bundle, state, reason, references }: ComponentReport): Cause {
    const subject = `component ${name} of ${shortName(bundle)}`;
    if (this.#enter(`${bundle.id} ${name}`)) return leaf(`${subject} is explained above`);
    const missing = references.filter(({ satisfied }) => !satisfied);
    if (missing.length > 0) {
      const wanted = missing.map(({ service, target }) =>
        target === undefined ? service : `${service} with ${target}`,
      );
      return node(
        `${subject} waits for ${wanted.join(' and ')}`,
        missing.map(({ service, target, candidates }) =>
          this.#service(service, target === undefined ? [] : candidates),
        ),
      );
    }
    if (state === 'disabled') return leaf(`${subject} is disabled`, `oxtender scr enable ${name}`);
    if (state === 'unsatisfied-configuration')
      return leaf(`${subject} has no configuration: ${reason ?? ''}`, 'write the file, or: oxtender config set');
    if (state === 'failed')
      return leaf(`${subject} failed: ${reason ?? ''}`, `oxtender log get --name ${bundle.symbolicName}`);
    return fine(`${subject} is ${state}`);
  }

  #service(token: string, misfits: readonly string[] = []): Cause {
    if (this.#enter(`service ${token}`)) return leaf(`service ${token} is explained above`);
    const { context, components } = this.host;
    if (misfits.length > 0)
      return node(
        `no service ${token} fits`,
        misfits.map((each) => leaf(each)),
      );
    const [registered] = context.getAllServiceReferences(undefined, `(objectClass=${token})`);
    if (registered)
      return fine(`service ${token} is there, from ${registered.bundle ? shortName(registered.bundle) : 'a bundle'}`);
    const wouldBe = components.list().filter(({ provides }) => provides.includes(token));
    const declaring = context
      .getBundles()
      .filter(
        (bundle) => bundle.id !== 0 && declares(bundle, token) && !wouldBe.some((report) => report.bundle === bundle),
      );
    const because = [
      ...wouldBe.map((each) => this.#component(each)),
      ...declaring.map((bundle) => this.#bundle(bundle)),
    ];
    if (because.length > 0) return node(`service ${token} is not there`, because);
    return leaf(
      `service ${token} is not there, and no installed bundle says that it provides it`,
      'install a bundle that does',
    );
  }

  /** Tokens of services that are there, that a bundle says it provides, or that a component wants. */
  #services(): Set<string> {
    const { context, components } = this.host;
    const registered = context.getAllServiceReferences().flatMap((each) => each.getProperty('objectClass') as string[]);
    const wanted = components.list().flatMap(({ references }) => references.map(({ service }) => service));
    return new Set([...registered, ...context.getBundles().flatMap(declaredServices), ...wanted]);
  }

  /** True when it was explained before: cycles end here. */
  #enter(subject: unknown): boolean {
    if (this.#seen.has(subject)) return true;
    this.#seen.add(subject);
    return false;
  }
}

/** One plain sentence, then the chain. */
export function explanationText(cause: Cause): string {
  const root = rootOf(cause);
  const first = isFine(cause) ? `${capitalised(cause.what)}, nothing is wrong.` : sentence(cause, root);
  return [first, ...chain(cause, 0).slice(1)].join('\n');
}

function sentence(cause: Cause, root: Cause): string {
  const remedy = root.remedy === undefined ? '' : ` To change that: ${root.remedy}`;
  return root === cause
    ? `${capitalised(cause.what)}.${remedy}`
    : `${capitalised(cause.what)}, since ${root.what}.${remedy}`;
}

function chain(cause: Cause, depth: number): string[] {
  const arrow = depth === 0 ? '' : `${'  '.repeat(depth)}← `;
  return [`${arrow}${cause.what}`, ...cause.because.flatMap((each) => chain(each, depth + 1))];
}

/** The first cause that has no cause itself. */
function rootOf(cause: Cause): Cause {
  const next = cause.because.find((each) => !isFine(each));
  return next ? rootOf(next) : cause;
}

function isFine({ fine: itself, because }: Cause): boolean {
  return itself || (because.length > 0 && because.every(isFine));
}

const leaf = (what: string, remedy?: string): Cause => ({ what, remedy, fine: false, because: [] });
const fine = (what: string): Cause => ({ what, remedy: undefined, fine: true, because: [] });
const node = (what: string, because: readonly Cause[]): Cause => ({
  what,
  remedy: undefined,
  fine: because.length === 0,
  because,
});

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const declares = (bundle: Bundle, token: string): boolean => declaredServices(bundle).includes(token);
