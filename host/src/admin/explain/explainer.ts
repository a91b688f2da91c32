import type { Bundle, ComponentReport } from '@oxtender/bundle-api';
import { describeFaults } from '../../configuration/configuration-admin';
import type { ConfigurationFault } from '../../configuration/evaluation';
import { declaredServices } from '../../framework/declared-services';
import { didYouMean, nearestNames } from '../../text/nearest-names';
import { allBundles, bundlesNamed, shortName } from '../bundle-names';
import type { OperatedHost } from '../operated-host';
import { type Cause, fine, leaf, node } from './cause';
import { unresolved } from './unresolved';

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
    const { disabled, autostart, startLevel, lastError, lazy, tainted } = framework.operator.status(bundle);
    if (disabled) return leaf(`${name} is disabled`, `oxtender enable ${shortName(bundle)}`);
    if (bundle.state === 'ACTIVE') {
      const waiting = components
        .list(bundle)
        .filter(({ state }) => !['active', 'satisfied', 'activating'].includes(state));
      const refused = this.#refusedConfigurations(bundle);
      if (waiting.length === 0 && refused.length > 0) return node(`${name} is active, with old settings`, refused);
      return node(waiting.length > 0 ? `${name} is active, but not all of it works` : `${name} is active`, [
        ...refused,
        ...waiting.map((each) => this.#component(each)),
      ]);
    }
    if (bundle.state === 'INSTALLED') {
      const explanation = framework.wiring.explain(bundle);
      if (!explanation.resolvable) return unresolved(name, explanation);
    }
    if (bundle.state === 'STARTING' || bundle.state === 'STOPPING') return onItsWay(name, bundle, lazy);
    if (tainted) return leaf(`${name} did not stop in time: its code may still run`, 'restart the host when you can');
    if (autostart === 'stopped') return leaf(`${name} was stopped`, `oxtender start ${shortName(bundle)}`);
    if (startLevel > framework.startLevel.level)
      return leaf(
        `${name} starts at level ${startLevel}, and the host is at ${framework.startLevel.level}`,
        `oxtender startlevel ${startLevel}`,
      );
    if (lastError !== undefined)
      return leaf(
        `${name} failed to start: ${withoutPrefix(lastError)}`,
        `oxtender log get --name ${bundle.symbolicName}`,
      );
    return leaf(`${name} is ${bundle.state}`, `oxtender start ${shortName(bundle)}`);
  }

  /** The last good values stay in use, so nothing else shows that a file is refused. */
  #refusedConfigurations({ headers }: Bundle): Cause[] {
    const { admin } = this.host.configuration;
    return admin
      .rejectedOf(Object.keys(headers.configuration ?? {}))
      .map(({ file, faults }) => refusedFile(file, faults));
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
    if (state === 'unsatisfied-configuration') {
      const refused = this.#refusedConfigurations(bundle);
      if (refused.length > 0) return node(`${subject} has no good configuration`, refused);
      return leaf(`${subject} has no configuration: ${reason ?? ''}`, 'write the file, or: oxtender config set');
    }
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

/** What began, and has not come to its end. */
function onItsWay(name: string, bundle: Bundle, lazy: boolean): Cause {
  if (lazy) return fine(`${name} waits for its first use`);
  const [doing, method, limit] =
    bundle.state === 'STARTING' ? ['starts', 'start', 'startTimeout'] : ['stops', 'stop', 'stopTimeout'];
  return leaf(
    `${name} ${doing}: its ${method}() has not come back yet`,
    `wait: host.${limit} ends it; oxtender log get --name ${bundle.symbolicName}`,
  );
}

function refusedFile(file: string, faults: readonly ConfigurationFault[]): Cause {
  return leaf(`configuration ${describeFaults(file, faults)}`, 'correct the file; saving it is enough');
}

/** `x failed to start: why` is said of x already; where a module was required from is for the log. */
const withoutPrefix = (error: string): string =>
  error.replace(/^\S+ failed to start: /, '').replace(/\nRequire stack:[^]*$/, '');

const declares = (bundle: Bundle, token: string): boolean => declaredServices(bundle).includes(token);
