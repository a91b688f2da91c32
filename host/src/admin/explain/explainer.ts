import { createFilter, isOxtenderError } from '@oxtender/bundle-api';
import type { Bundle, ComponentReport, ReferenceReport, ServiceReference } from '@oxtender/bundle-api';
import { describeFaults } from '../../configuration/configuration-admin';
import type { ConfigurationFault } from '../../configuration/evaluation';
import { declaredServices } from '../../framework/declared-services';
import { didYouMean, nearestNames } from '../../text/nearest-names';
import { allBundles, bundlesNamed, shortName } from '../bundle-names';
import { missingServices } from '../missing-services';
import type { OperatedHost } from '../operated-host';
import { type Cause, fine, isFine, leaf, node } from './cause';
import { unresolved } from './unresolved';

/** Finds out why bundles, components and services are not there: the chain down to what an operator can change. */
export class Explainer {
  readonly #seen = new Set<unknown>();
  /** From what was asked for to what is being explained. */
  readonly #way: string[] = [];

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
      const missing = missingServices(bundle);
      if (missing.length > 0)
        return node(`the activator of ${name} waits for ${missing.join(' and ')}`, [
          ...refused,
          ...missing.map((token) => this.#service(token)),
        ]);
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

  #component(report: ComponentReport): Cause {
    const subject = subjectOf(report);
    if (this.#way.includes(subject)) return this.#cycle(subject);
    if (this.#enter(subject)) return leaf(`${subject} is explained above`);
    this.#way.push(subject);
    const cause = this.#stateOf(subject, report);
    this.#way.pop();
    return cause;
  }

  /** Nothing but a change of the bundles helps (rule C22). */
  #cycle(subject: string): Cause {
    const names = [...this.#way.slice(this.#way.indexOf(subject)), subject].map((each) => each.split(' ')[1]);
    return leaf(
      `${subject} needs itself: ${names.join(' → ')}`,
      'one of these references must become optional and dynamic',
    );
  }

  #stateOf(subject: string, { name, bundle, state, reason, references }: ComponentReport): Cause {
    const missing = references.filter(({ satisfied }) => !satisfied);
    if (missing.length > 0) {
      const wanted = missing.map(({ service, target }) =>
        target === undefined ? service : `${service} with ${target}`,
      );
      return node(
        `${subject} waits for ${wanted.join(' and ')}`,
        missing.map((reference) => this.#reference(reference)),
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

  /** Services of the token that are there do not fit; else the question is why there are none. */
  #reference({ service, target, candidates }: ReferenceReport): Cause {
    const misfit = this.#registered(service) !== undefined || (target !== undefined && !isFilter(target));
    if (!misfit) return this.#service(service);
    return node(
      `no service ${service} fits`,
      candidates.map((each) => leaf(each)),
    );
  }

  #registered(token: string): ServiceReference | undefined {
    return this.host.context.getAllServiceReferences(undefined, `(objectClass=${token})`)[0];
  }

  #service(token: string): Cause {
    const { context, components } = this.host;
    const registered = this.#registered(token);
    if (registered)
      return fine(`service ${token} is there, from ${registered.bundle ? shortName(registered.bundle) : 'a bundle'}`);
    const wouldBe = components.list().filter(({ provides }) => provides.includes(token));
    const closes = wouldBe.some((each) => this.#way.includes(subjectOf(each)));
    if (this.#enter(`service ${token}`) && !closes) return leaf(`service ${token} is explained above`);
    const declaring = context
      .getBundles()
      .filter(
        (bundle) => bundle.id !== 0 && declares(bundle, token) && !wouldBe.some((report) => report.bundle === bundle),
      );
    const because = [
      ...wouldBe.map((each) => this.#component(each)),
      ...declaring.map((bundle) => this.#bundle(bundle)),
    ];
    if (because.length > 0 && because.every(isFine)) {
      const though = because.map(({ what }) => what).join(' and ');
      return leaf(`service ${token} is not there, though ${though}`, 'oxtender log get');
    }
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

const subjectOf = ({ name, bundle }: ComponentReport): string => `component ${name} of ${shortName(bundle)}`;

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

function isFilter(text: string): boolean {
  try {
    createFilter(text);
    return true;
  } catch (error) {
    if (isOxtenderError(error, 'INVALID_SYNTAX')) return false;
    throw error;
  }
}

const declares = (bundle: Bundle, token: string): boolean => declaredServices(bundle).includes(token);
