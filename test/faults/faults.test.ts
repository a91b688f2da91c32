import { expect } from 'chai';
import { seededRandom } from '../support/random';
import { faults, ride } from './faults';

const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000_000);

/** The small form of scripts/faults. */
describe(`phones that synchronise (seed ${seed})`, () => {
  for (const fault of faults) {
    it(`lose and double nothing: ${fault.name}`, async function () {
      this.timeout(300_000);
      const size = { users: 2, phonesPerUser: 3, turns: 12 };
      const outcome = await ride(fault, size, { times: 1, random: seededRandom(seed) });
      if (!outcome) return this.skip();
      const { lost, doubled, different } = outcome;
      expect({ lost, doubled, different }).to.deep.equal({ lost: [], doubled: [], different: [] });
    });
  }
});
