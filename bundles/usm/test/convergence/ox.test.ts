import * as fc from 'fast-check';
import { usmSchema } from '../../src';
import { testDatabases } from '../support/databases';
import { never } from '../support/world';
import { arbitraryScenario } from './arbitrary-scenario';
import { oxItemKinds } from './ox-item-kinds';
import { type Scenario, Simulation } from './scenario';
import { OxServer } from './tested-ox';

const seed = Number(process.env['CONVERGENCE_SEED'] ?? Date.now() % 1_000_000_000);
const runs = Number(process.env['CONVERGENCE_OX_RUNS'] ?? 100);
/** Seconds after which no further scenario begins: a slow machine tries fewer. */
const seconds = Number(process.env['CONVERGENCE_OX_SECONDS'] ?? 12);

/** The same scenarios as in memory, over the real bridge and the sandbox behind a socket that breaks. */
describe('convergence with Open-Xchange', () => {
  for (const imitate of ['7.10', '6.x'] as const) {
    it(`brings device and server to the same, whatever fails (${imitate}, seed ${seed})`, async function () {
      this.timeout(seconds * 1000 + 120_000);
      await using database = await testDatabases.SQLite();
      if (!database) return this.skip();
      await using connection = await (await database.open()).connect(usmSchema, { signal: never });
      await using server = await OxServer.start(imitate);
      const end = Date.now() + seconds * 1000;
      let tried = 0;
      const converges = async (one: Scenario): Promise<void> => {
        if (Date.now() > end) return;
        tried++;
        await using groupware = await server.tested();
        await new Simulation(connection, { ...one, days: undefined }, groupware).run();
      };
      await fc.assert(fc.asyncProperty(arbitraryScenario({ kinds: oxItemKinds.length, most: 25 }), converges), {
        seed,
        numRuns: runs,
      });
      this.runnable().title += `, ${tried} runs`;
    });
  }
});
