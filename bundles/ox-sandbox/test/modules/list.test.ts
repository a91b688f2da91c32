import { expect } from 'chai';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const start = Date.UTC(2027, 0, 4, 9);
const end = start + 3_600_000;

/** A folder of Alice's, and what is created there. */
const modules = {
  contacts: { folder: 22, body: { display_name: 'Twice' }, columns: '1' },
  tasks: { folder: 20, body: { title: 'Twice' }, columns: '1' },
  calendar: {
    folder: 21,
    body: { title: 'Twice', start_date: start, end_date: end, ignore_conflicts: true },
    columns: '1',
  },
} as const;

type ModuleName = keyof typeof modules;

/** As the sources of the middleware have it: what is asked for twice, alone and beside another; and what may not be read. */
const expected: Readonly<Record<'7.10' | '6.x', Readonly<Record<ModuleName, readonly [number, number, string]>>>> = {
  '7.10': { contacts: [1, 3, 'CON-0104'], tasks: [2, 3, ''], calendar: [2, 3, 'APP-0062'] },
  '6.x': { contacts: [1, 3, 'CON-0104'], tasks: [2, 3, ''], calendar: [1, 2, 'APP-0062'] },
};

for (const imitate of ['7.10', '6.x'] as const)
  describe(`list with ids that are odd (${imitate})`, () => {
    let server: TestServer;
    let alice: OxClient;

    before(async () => {
      server = await TestServer.start({ imitate });
      alice = await OxClient.login(server.url);
    });
    after(() => server[Symbol.asyncDispose]());

    for (const [module, { folder, body, columns }] of Object.entries(modules) as [
      ModuleName,
      (typeof modules)[ModuleName],
    ][]) {
      const create = async (): Promise<string> =>
        String((await alice.put<{ id: string | number }>(module, 'new', {}, { folder_id: folder, ...body })).data.id);
      const list = async (...ids: (string | number)[]): Promise<string[]> => {
        const { data } = await alice.put<unknown[][]>(
          module,
          'list',
          { columns },
          ids.map((id) => ({ folder, id })),
        );
        return data.map(([id]) => String(id));
      };
      const [alone, besides, refusal] = expected[imitate][module];

      it(`${module}: the same id twice, alone and beside another, in the order of the request`, async () => {
        const [first, second] = [await create(), await create()];
        expect(await list(first, first)).to.deep.equal(Array<string>(alone).fill(first));
        expect(await list(first, first, 999_999)).to.deep.equal(Array<string>(alone).fill(first));
        const both = await list(second, first, second);
        expect(both).to.deep.equal(besides === 3 ? [second, first, second] : [second, first]);
      });

      it(`${module}: a folder that the user does not see ${refusal === '' ? 'is passed over' : 'refuses all'}`, async () => {
        const id = await create();
        const elements = [
          { folder, id },
          { folder: 999, id: 1 },
        ];
        const answer = await alice.put<unknown[][]>(module, 'list', { columns }, elements);
        if (refusal === '') expect(answer.data.map(([one]) => String(one))).to.deep.equal([id]);
        else expect(answer.code).to.equal(refusal);
      });
    }

    it('mail: the same id twice is answered twice', async () => {
      const inbox = { folder: 'default0/INBOX', columns: '600' };
      const [[id] = []] = (await alice.get<string[][]>('mail', 'all', inbox)).data;
      const elements = [
        { folder: inbox.folder, id },
        { folder: inbox.folder, id: 999_999 },
        { folder: inbox.folder, id },
      ];
      const { data } = await alice.put<string[][]>('mail', 'list', { columns: '600' }, elements);
      expect(data).to.deep.equal([[id], [id]]);
    });
  });
