import type { Bundle, Capability, Explanation, Requirement } from '@oxtender/bundle-api';
import { expect } from 'chai';
import fc from 'fast-check';
import { formatExplanation } from '../../src/resolver/explain';
import type { Resource, ResourceCapability } from '../../src/resolver/resource';
import { parseRequirement } from '../../src/resolver/resource';
import { Resolver } from '../../src/resolver/resolver';
import { compareVersions, VersionRange } from '../../src/resolver/version-range';
import { launch, rejection, stopAll } from '../support/launch';

const cap = (ns: string, attrs: Record<string, unknown> = {}): Capability => ({ ns, attrs });

describe('Resolver (reference section 5)', () => {
  afterEach(stopAll);

  describe('requirements and capabilities', () => {
    it('R1 every bundle provides identity and bundle; the host its own', async () => {
      const { framework, install } = await launch();
      await install('a', { version: '1.2.3' });
      const require: Requirement[] = [
        { ns: 'identity', filter: '(&(name=a)(type=oxtender.bundle))' },
        { ns: 'bundle', name: 'a', range: '~1.2' },
        { ns: 'host', range: '*' },
        { ns: 'node', range: '>=20' },
        { ns: 'bundle-api', name: '@oxtender/bundle-api', range: '*' },
        { ns: 'package', name: 'koa', range: '*' },
      ];
      const b = await install('b', { manifest: { require } });
      expect(await framework.wiring.resolve([b])).to.be.true;
      expect(framework.wiring.wires(b).map(({ provider }) => provider.symbolicName)).to.deep.equal([
        'a',
        'a',
        ...Array<string>(4).fill('oxtender.host'),
      ]);
    });

    it('R1, N3 peer dependencies on the API and the shared packages are requirements', async () => {
      const { install } = await launch();
      const good = await install('good', { peerDependencies: { '@oxtender/bundle-api': '*', 'left-pad': '^99' } });
      await good.start();
      for (const name of ['@oxtender/bundle-api', 'koa']) {
        const bad = await install(`bad-${name.replace(/\W/g, '')}`, { peerDependencies: { [name]: '^99.0.0' } });
        const error = await rejection(bad.start(), 'RESOLVE_ERROR');
        expect(error.message).to.contain(name).and.to.contain('^99.0.0');
      }
    });

    it('R2 each requirement needs its own match, also in one namespace', async () => {
      const { install } = await launch();
      await install('a', { manifest: { provide: [cap('feature', { name: 'mail' })] } });
      const require = [
        { ns: 'feature', name: 'mail' },
        { ns: 'feature', name: 'calendar' },
      ];
      const b = await install('b', { manifest: { require } });
      const { details } = await rejection(b.start(), 'RESOLVE_ERROR');
      expect((details as Explanation).missing.map(({ requirement }) => requirement)).to.deep.equal([require[1]]);
    });

    it('R3 providers must resolve themselves, and need not be active', async () => {
      const { install, framework } = await launch();
      const b = await install('b', { manifest: { require: [{ ns: 'bundle', name: 'a' }] } });
      const a = await install('a', { manifest: { require: [{ ns: 'missing' }] } });
      expect(await framework.wiring.resolve()).to.be.false;
      expect([a.state, b.state]).to.deep.equal(['INSTALLED', 'INSTALLED']);
      const missing = await install('missing', { manifest: { provide: [cap('missing')] } });
      await b.start();
      expect([missing.state, a.state, b.state]).to.deep.equal(['RESOLVED', 'RESOLVED', 'ACTIVE']);
    });

    it('R4 optional requirements wire if they can, and never block', async () => {
      const { install, framework } = await launch();
      const optional = (name: string): Requirement => ({ ns: 'bundle', name, optional: true });
      await install('broken', { manifest: { require: [{ ns: 'missing' }] } });
      const there = await install('there');
      const b = await install('b', {
        manifest: { require: [optional('gone'), optional('broken'), optional('there')] },
      });
      await b.start();
      expect(framework.wiring.wires(b).map(({ provider }) => provider)).to.deep.equal([there]);
    });

    it('R5 prefers what is resolved, then the higher version, then the lower id', async () => {
      const { install, framework } = await launch();
      const provide = [cap('feature')];
      const first = await install('first', { version: '1.0.0', manifest: { provide } });
      const second = await install('second', { version: '1.0.0', manifest: { provide } });
      const consumer = async (name: string): Promise<Bundle> => {
        const bundle = await install(name, { manifest: { require: [{ ns: 'feature' }] } });
        await bundle.start();
        return framework.wiring.wires(bundle)[0]!.provider;
      };
      expect(await consumer('by-id')).to.equal(first);
      const higher = await install('higher', { version: '2.0.0', manifest: { provide } });
      expect(await consumer('resolved')).to.equal(first);
      await first.uninstall();
      expect(await consumer('by-version')).to.equal(higher);
      await second.start();
      await higher.uninstall();
      expect(await consumer('left')).to.equal(second);
    });

    it('R5 the version of a capability counts before that of its bundle', async () => {
      const { install, framework } = await launch();
      const offer = (version: string) => ({ provide: [{ ns: 'feature', attrs: { name: 'x', version } }] });
      await install('old', { version: '9.0.0', manifest: offer('1.9.0') });
      const best = await install('new', { version: '1.0.0', manifest: offer('1.10.0') });
      const bundle = await install('consumer', { manifest: { require: [{ ns: 'feature', name: 'x' }] } });
      await bundle.start();
      expect(framework.wiring.wires(bundle)[0]!.provider).to.equal(best);
    });

    it('R6 cycles resolve', async () => {
      const { install } = await launch();
      const a = await install('a', { manifest: { require: [{ ns: 'bundle', name: 'b' }] } });
      const b = await install('b', { manifest: { require: [{ ns: 'bundle', name: 'a' }] } });
      await a.start();
      expect([a.state, b.state]).to.deep.equal(['ACTIVE', 'RESOLVED']);
    });

    it('R1 cardinality multiple wires to every match', async () => {
      const { install, framework } = await launch();
      const provide = [cap('plug')];
      const plugs = [await install('p1', { manifest: { provide } }), await install('p2', { manifest: { provide } })];
      const b = await install('b', { manifest: { require: [{ ns: 'plug', cardinality: 'multiple' }] } });
      await b.start();
      expect(framework.wiring.wires(b).map(({ provider }) => provider)).to.have.members(plugs);
    });

    it('R10 requirements effective at active time are not the resolver’s', async () => {
      const { install } = await launch();
      const a = await install('a', { manifest: { require: [{ ns: 'missing', effective: 'active' }] } });
      await a.start();
      expect(a.state).to.equal('ACTIVE');
    });

    it('R11 a failed attempt changes nothing; RESOLVED comes when all are', async () => {
      const { install, events, context } = await launch();
      const a = await install('a');
      const b = await install('b', { manifest: { require: [{ ns: 'bundle', name: 'a' }, { ns: 'missing' }] } });
      events.clear();
      await rejection(b.start(), 'RESOLVE_ERROR');
      expect([a.state, events.bundleEvents.length]).to.deep.equal(['INSTALLED', 0]);
      await install('c', { manifest: { provide: [cap('missing')] } });
      const states: string[] = [];
      context.addBundleListener(
        ({ type }) => void states.push(...(type === 'RESOLVED' ? [`${a.state} ${b.state}`] : [])),
        { synchronous: true },
      );
      await b.start();
      expect(states).to.deep.equal(Array(3).fill('RESOLVED RESOLVED'));
    });
  });

  describe('singletons', () => {
    const singleton = { singleton: true };

    it('R9 the higher version wins, the other says why', async () => {
      const { install, framework } = await launch();
      const old = await install('a', { version: '1.0.0', manifest: singleton });
      const young = await install('a', { version: '2.0.0', manifest: singleton });
      expect(await framework.wiring.resolve()).to.be.false;
      expect([old.state, young.state]).to.deep.equal(['INSTALLED', 'RESOLVED']);
      const error = await rejection(old.start(), 'RESOLVE_ERROR');
      expect(error.message).to.contain('version 2.0.0 takes its place');
      expect(error.details).to.include({ singletonConflict: young });
    });

    it('R9 one that is resolved already stays', async () => {
      const { install, start } = await launch();
      await start('a', { version: '1.0.0', manifest: singleton });
      const young = await install('a', { version: '2.0.0', manifest: singleton });
      await rejection(young.start(), 'RESOLVE_ERROR');
    });

    it('R9 a higher version that cannot resolve does not win', async () => {
      const { install } = await launch();
      const old = await install('a', { version: '1.0.0', manifest: singleton });
      await install('a', { version: '2.0.0', manifest: { ...singleton, require: [{ ns: 'missing' }] } });
      await old.start();
      expect(old.state).to.equal('ACTIVE');
    });

    it('R9 without singleton both resolve', async () => {
      const { install, framework } = await launch();
      await install('a', { version: '1.0.0' });
      await install('a', { version: '2.0.0', manifest: singleton });
      expect(await framework.wiring.resolve()).to.be.true;
    });
  });

  describe('version ranges', () => {
    it('R7 npm ranges and OSGi intervals', () => {
      const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
        ['^1.2', ['1.2.0', '1.9.9'], ['1.1.9', '2.0.0']],
        ['~1.2.3', ['1.2.3', '1.2.9'], ['1.3.0']],
        ['>=1 <3', ['1.0.0', '2.9.9'], ['3.0.0', '0.9.9']],
        ['1.x', ['1.0.0', '1.9.0'], ['2.0.0']],
        ['1.2', ['1.2.0', '1.2.9'], ['1.3.0', '1.1.0']],
        ['[1.2,2)', ['1.2.0', '1.9.9'], ['1.1.9', '2.0.0']],
        ['(1,2]', ['1.0.1', '2.0.0'], ['1.0.0', '2.0.1']],
        ['[1,1]', ['1.0.0'], ['1.0.1', '0.9.9']],
        ['[1.5]', ['1.5.0'], ['1.5.1']],
        [' [ 1 , 2 ) ', ['1.0.0'], ['2.0.0']],
      ];
      for (const [text, inside, outside] of table) {
        const range = new VersionRange(text);
        for (const version of inside) expect(range.includes(version), `${text} has ${version}`).to.be.true;
        for (const version of outside) expect(range.includes(version), `${text} has not ${version}`).to.be.false;
      }
    });

    it('R7 a malformed range is an error, never "matches nothing"', async () => {
      const { install } = await launch();
      for (const text of ['[1,2', '1,2)', '[a,b]', '[2,1]', '(1]', '[1,2,3]', 'x.y.z', '>>1']) {
        expect(() => new VersionRange(text), text).to.throw(RangeError);
        await rejection(install('a', { manifest: { require: [{ ns: 'x', range: text }] } }), 'MANIFEST_ERROR');
      }
    });

    it('R8 pre-releases follow semver, and need a range that names one, or the property', async () => {
      expect(compareVersions('1.0.0-rc.1', '1.0.0')).to.be.lessThan(0);
      expect(new VersionRange('^1.0.0').includes('1.1.0-rc.1')).to.be.false;
      expect(new VersionRange('^1.1.0-rc.1').includes('1.1.0-rc.2')).to.be.true;
      expect(new VersionRange('[1,2)').includes('1.1.0-rc.1')).to.be.false;
      for (const includePrerelease of [false, true]) {
        const { install, framework } = await launch({
          properties: { 'host.resolver.includePrerelease': String(includePrerelease) },
        });
        await install('a', { version: '1.1.0-rc.1' });
        const b = await install('b', { manifest: { require: [{ ns: 'bundle', name: 'a', range: '^1' }] } });
        expect(await framework.wiring.resolve([b])).to.equal(includePrerelease);
      }
    });
  });

  describe('diagnosis', () => {
    it('R12 explains as a tree: what is missing, what is nearest, and why that fails', async () => {
      const { install, framework } = await launch();
      const requires = (...require: Requirement[]) => ({ manifest: { require } });
      const storage = await install('storage', { version: '1.4.0' });
      const usm = await install('usm', requires({ ns: 'bundle', name: 'storage', range: '^2' }));
      const eas = await install('eas', requires({ ns: 'bundle', name: 'usm' }));
      const explanation = framework.wiring.explain(eas);
      expect(explanation).to.deep.include({ bundle: eas, resolvable: false, disabled: false });
      const [missing] = explanation.missing;
      expect(missing!.nearest[0]).to.include({ provider: usm, reason: 'provider-unresolved' });
      const below = missing!.nearest[0]!.explanation!.missing[0]!;
      expect(below.nearest[0]).to.deep.include({
        provider: storage,
        reason: 'range',
        text: 'version "1.4.0" is outside ^2',
      });
      expect(formatExplanation(explanation).split('\n').slice(0, 6)).to.deep.equal([
        'eas 1.0.0 needs bundle usm, which no bundle provides; nearest is usm 1.0.0: matches, but does not resolve itself',
        '  needs bundle usm',
        '    usm 1.0.0: matches, but does not resolve itself',
        '      usm 1.0.0 needs bundle storage ^2, which no bundle provides; nearest is storage 1.4.0: version "1.4.0" is outside ^2',
        '        needs bundle storage ^2',
        '          storage 1.4.0: version "1.4.0" is outside ^2',
      ]);
    });

    it('R12 names attribute, disabled and singleton conflicts', async () => {
      const { install, framework } = await launch();
      const feature = (region: string) => ({ manifest: { provide: [cap('feature', { region })] } });
      await install('us', feature('us'));
      const eu = await install('eu', feature('eu'));
      await framework.operator.setEnabled(eu, false);
      const b = await install('b', { manifest: { require: [{ ns: 'feature', filter: '(region=eu)' }] } });
      const [missing] = framework.wiring.explain(b).missing;
      expect(missing!.nearest.map(({ reason, provider }) => [provider.symbolicName, reason])).to.deep.equal([
        ['eu', 'disabled'],
        ['us', 'attribute'],
      ]);
      await install('s', { version: '1.0.0', manifest: { singleton: true } });
      await install('s', { version: '2.0.0', manifest: { singleton: true } });
      const c = await install('c', { manifest: { require: [{ ns: 'bundle', name: 's', range: '^1' }] } });
      expect(framework.wiring.explain(c).missing[0]!.nearest[0]).to.include({ reason: 'singleton-conflict' });
    });

    it('R12 a bundle that resolves says so', async () => {
      const { start, framework } = await launch();
      expect(framework.wiring.explain(await start('a'))).to.deep.include({ resolvable: true, missing: [] });
    });

    it('R12 cycles of unresolvable bundles are explained without end', async () => {
      const { install, framework } = await launch();
      const a = await install('a', { manifest: { require: [{ ns: 'bundle', name: 'b' }] } });
      await install('b', { manifest: { require: [{ ns: 'bundle', name: 'a' }, { ns: 'missing' }] } });
      expect(framework.wiring.explain(a).resolvable).to.be.false;
    });
  });

  describe('against a search of all possibilities', () => {
    interface Spec {
      name: number;
      version: number;
      singleton: boolean;
      provides: number[];
      requires: { feature: number; atLeast: number; optional: boolean }[];
    }
    const feature = fc.nat(3);
    const specs = fc.uniqueArray(
      fc.record<Spec>({
        name: fc.nat(3),
        version: fc.integer({ min: 1, max: 3 }),
        singleton: fc.boolean(),
        provides: fc.uniqueArray(feature, { maxLength: 2 }),
        requires: fc.array(fc.record({ feature, atLeast: fc.integer({ min: 1, max: 3 }), optional: fc.boolean() }), {
          maxLength: 2,
        }),
      }),
      { maxLength: 7, selector: ({ name, version }) => `${name}@${version}` },
    );

    it('R2, R3, R4, R9 resolves what can be resolved, with wires that hold', () => {
      fc.assert(
        fc.property(specs, (given) => {
          const resources = given.map(resourceOf);
          const resolver = new Resolver({ isResolved: () => false, isDisabled: () => false });
          for (const resource of resources) resolver.add(resource);
          const { wires, unresolvable } = resolver.resolve(resources);
          const chosen = new Set(wires.keys());
          expect(isConsistent([...chosen]), 'the solution is consistent').to.be.true;
          expect([...unresolvable, ...chosen]).to.have.members(resources);
          for (const [resource, own] of wires) {
            for (const requirement of resource.requirements) {
              const wire = own.find((each) => each.requirement === requirement.declared);
              if (wire) expect([...chosen].some(({ bundle }) => bundle === wire.provider)).to.be.true;
              else expect(requirement.optional && matchesIn(requirement.declared, [...chosen]).length === 0).to.be.true;
            }
          }
          if (given.every(({ singleton }) => !singleton)) {
            const greatest = Math.max(
              ...subsets(resources)
                .filter(isConsistent)
                .map(({ length }) => length),
            );
            expect(chosen.size, 'nothing that could be resolved is left out').to.equal(greatest);
          } else {
            for (const left of unresolvable)
              expect(isConsistent([...chosen, left]), `${left.name} could be added`).to.be.false;
          }
        }),
        { numRuns: 300 },
      );
    });

    function resourceOf({ name, version, singleton, provides, requires }: Spec, id: number): Resource {
      const capabilities: ResourceCapability[] = [];
      const resource: Resource = {
        bundle: { id, symbolicName: `n${name}` } as Bundle,
        generation: 1,
        name: `n${name}`,
        version: `${version}.0.0`,
        singleton,
        capabilities,
        requirements: requires.map((each) =>
          parseRequirement({
            ns: 'feature',
            name: `f${each.feature}`,
            range: `>=${each.atLeast}`,
            optional: each.optional,
          }),
        ),
      };
      for (const each of provides) {
        const attrs = { name: `f${each}`, version: `${version}.0.0` };
        capabilities.push({
          declared: { ns: 'feature', attrs },
          provider: resource,
          attributes: new Map(Object.entries(attrs)),
        });
      }
      return resource;
    }

    function matchesIn({ name, range }: Requirement, resources: readonly Resource[]): ResourceCapability[] {
      const atLeast = Number(range!.slice(2));
      return resources
        .flatMap(({ capabilities }) => capabilities)
        .filter(
          ({ declared }) =>
            declared.attrs['name'] === name && Number.parseInt(declared.attrs['version'] as string, 10) >= atLeast,
        );
    }

    function isConsistent(resources: readonly Resource[]): boolean {
      const met = resources.every(({ requirements }) =>
        requirements.every(({ declared, optional }) => optional || matchesIn(declared, resources).length > 0),
      );
      const singletons = resources.filter(({ singleton }) => singleton).map(({ name }) => name);
      return met && new Set(singletons).size === singletons.length;
    }

    function subsets<T>(all: readonly T[]): T[][] {
      return Array.from({ length: 2 ** all.length }, (_, bits) => all.filter((_each, index) => bits & (1 << index)));
    }
  });
});
