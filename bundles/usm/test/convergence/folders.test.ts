import type { DatabaseConnection } from '@oxtender/bundle-api';
import * as fc from 'fast-check';
import { usmSchema } from '../../src';
import { testDatabases } from '../support/databases';
import { never } from '../support/world';
import { arbitraryFault } from './arbitrary-scenario';
import { type FolderAction, FolderSimulation } from './folder-simulation';
import { TestedMemory } from './tested-groupware';
import { OxServer } from './tested-ox';

const seed = Number(process.env['CONVERGENCE_SEED'] ?? Date.now() % 1_000_000_000);
/** Seconds after which no further scenario begins: a slow machine tries fewer. */
const seconds = Number(process.env['CONVERGENCE_FOLDER_SECONDS'] ?? 6);

const fault = arbitraryFault(['listFolders', 'createFolder', 'updateFolder', 'deleteFolder', 'login']);
const itemClass = fc.nat(4);
const folder = fc.nat(5);

const action: fc.Arbitrary<FolderAction> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('device makes'), itemClass, parent: fc.nat(3), fault }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('device renames', 'device deletes'), folder, fault }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('server makes'), itemClass }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('server renames', 'server deletes'), folder }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('sync'), fault }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('late repeat'), request: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' }) },
);
const actions = fc.array(action, { maxLength: 25, size: 'max' });

describe('convergence of folders', () => {
  const check = async (
    most: number,
    play: (connection: DatabaseConnection, actions: readonly FolderAction[]) => Promise<void>,
  ): Promise<number> => {
    await using database = await testDatabases.SQLite();
    await using connection = await (await database!.open()).connect(usmSchema, { signal: never });
    const end = Date.now() + seconds * 1000;
    let tried = 0;
    const converges = async (one: readonly FolderAction[]): Promise<void> => {
      if (Date.now() > end) return;
      tried++;
      await play(connection, one);
    };
    await fc.assert(fc.asyncProperty(actions, converges), { seed, numRuns: most });
    return tried;
  };

  it(`brings device and server to the same, whatever fails (in memory, seed ${seed})`, async function () {
    this.timeout(seconds * 1000 + 120_000);
    const tried = await check(5000, (connection, one) => new FolderSimulation(connection, new TestedMemory()).run(one));
    this.runnable().title += `, ${tried} runs`;
  });

  for (const imitate of ['7.10', '6.x'] as const) {
    it(`brings device and server to the same, whatever fails (Open-Xchange ${imitate}, seed ${seed})`, async function () {
      this.timeout(seconds * 1000 + 120_000);
      await using server = await OxServer.start(imitate);
      const tried = await check(500, async (connection, one) => {
        await using groupware = await server.tested();
        await new FolderSimulation(connection, groupware).run(one);
      });
      this.runnable().title += `, ${tried} runs`;
    });
  }
});
