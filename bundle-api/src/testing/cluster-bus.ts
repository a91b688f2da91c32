import type { ClusterBus } from '../services/cluster-bus';
import { describeHosts } from './cluster-bus/hosts';
import { describeCounters, describeLocks } from './cluster-bus/locks';
import { describeNotices } from './cluster-bus/notices';

/** A bus that nobody else uses. @public */
export interface ClusterBusUnderTest extends AsyncDisposable {
  readonly bus: ClusterBus;
  /** The bus of a second host, connected with the first. Disposed with this. */
  another(): Promise<ClusterBus>;
}

/**
 * What every `ClusterBus` must do. For mocha.
 *
 * @param name - for the report: `Redis`
 * @param make - a connected bus, or undefined to skip
 * @param options - `hosts: false` for a bus that ends with its process: it has no other
 * @public
 */
export function describeClusterBus(
  name: string,
  make: () => Promise<ClusterBusUnderTest | undefined>,
  options: { readonly hosts?: boolean } = {},
): void {
  describe(`ClusterBus ${name}`, () => {
    let made: ClusterBusUnderTest | undefined;

    beforeEach(async function () {
      made = await make();
      if (!made) this.skip();
    });

    afterEach(async () => {
      await made?.[Symbol.asyncDispose]();
    });

    const current = (): ClusterBusUnderTest => {
      if (!made) throw new Error('the bus was not made');
      return made;
    };
    describe('notices', () => describeNotices(() => current().bus));
    describe('locks', () => describeLocks(() => current().bus));
    describe('counters', () => describeCounters(() => current().bus));
    if (options.hosts !== false) describe('between hosts', () => describeHosts(current));
  });
}
