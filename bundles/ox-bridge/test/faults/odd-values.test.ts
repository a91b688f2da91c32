import type { ReadResult } from '@oxtender/bundle-api';
import { expect } from 'chai';
import type { Script } from '../support/scripted-server';
import { scripted, signal } from '../support/session';

const options = { signal };

type Values = Readonly<Record<number, unknown>>;

interface Kind {
  readonly folder: { readonly id: string; readonly itemClass: 'Calendar' | 'Contacts' | 'Tasks' | 'Email' };
  readonly id: number;
  readonly good: Values;
  readonly odd: readonly Values[];
}

const series = { 206: 9, 209: 1, 215: 1 };

/** What some version, or some other client of OX, left in a column; each alone, among what is as it should be. */
const kinds: Readonly<Record<string, Kind>> = {
  calendar: {
    folder: { id: '32', itemClass: 'Calendar' },
    id: 1,
    good: { 200: 'ok', 201: 1000, 202: 2000, 401: false },
    odd: [
      ...[{ 220: [null] }, { 221: [null] }, { 226: [null] }, { 220: [{}] }, { 220: 'x' }, { 220: null, 221: null }],
      ...[{ 220: [{ id: null, type: 5, mail: null }], 226: [{ type: 5, mail: null }] }, { 204: 'abc' }, { 402: 99 }],
      ...[{ 100: 5 }, { 210: [null] }, { 209: 9, 206: 9 }, { 201: null, 202: null }, { 201: 1e18, 202: 1e18 }],
      ...[
        { ...series, 408: 'Nowhere/Zone' },
        { ...series, 215: 0, 216: '2027' },
        { ...series, 211: [1e20] },
      ],
    ],
  },
  contacts: {
    folder: { id: '31', itemClass: 'Contacts' },
    id: 1,
    good: { 500: 'ok' },
    odd: [
      { 592: [null] },
      { 511: 'x' },
      { 511: 1e20 },
      { 100: [] },
      { 555: null, 556: 5 },
      { 606: 5 },
      { 606: 'image/x?a' },
    ],
  },
  tasks: {
    folder: { id: '33', itemClass: 'Tasks' },
    id: 1,
    good: { 200: 'ok' },
    odd: [{ 220: [null] }, { 300: 99 }, { 309: 0 }, { 315: 'x', 300: 3 }, { 209: 1, 215: 0 }, { 216: 1e20, 209: 1 }],
  },
  mail: {
    folder: { id: 'default0/INBOX', itemClass: 'Email' },
    id: 600,
    good: { 607: 'ok', 611: 32, 603: [['A', 'a@b']] },
    odd: [{ 603: [null] }, { 604: [[null, null]] }, { 605: 'x' }, { 606: [[]] }, { 609: 'x' }, { 614: 9 }, { 607: {} }],
  },
};

describe('one object with an odd value', () => {
  for (const [module, { folder, id, good, odd }] of Object.entries(kinds))
    for (const values of odd)
      it(`${module} ${JSON.stringify(values)}: all others are listed, followed and read`, async () => {
        const rowOf = (query: URLSearchParams, of: string): unknown[] => {
          const all: Values = { [id]: of, 6: 5, 610: 5, ...good, ...(of === '2' ? values : {}) };
          return (query.get('columns') ?? '').split(',').map((column) => all[Number(column)] ?? null);
        };
        const rows: Script = ({ query }) => ({
          json: { data: ['1', '2', '3'].map((one) => rowOf(query, one)), timestamp: 5 },
        });
        await using own = await scripted({
          [`${module} list`]: ({ query, body }) => ({
            json: { data: (JSON.parse(body) as { id: string }[]).map((one) => rowOf(query, one.id)), timestamp: 5 },
          }),
          [`${module} all`]: rows,
          [`${module} updates`]: rows,
          'mail get': () => ({ json: { data: { attachments: [] } } }),
          'mail examine': () => ({ json: { data: { validity: '1', next: '5', total: 3, unread: 0 } } }),
          '*': () => ({ json: { data: [], timestamp: 5 } }),
        });
        using session = await own.login();
        expect((await session.list(folder, options)).items).to.have.length(3);
        const changes = await session.changes(folder, module === 'mail' ? 'x|y' : '1', options);
        expect(
          changes.kind === 'delta' ? changes.changed : changes.kind === 'snapshot' && changes.items,
        ).to.have.length(3);
        const found: ReadResult[] = await session.read(folder, ['1', '2', '3'], options);
        expect([found[0]?.error, found[2]?.error]).to.deep.equal([undefined, undefined]);
      });
});
