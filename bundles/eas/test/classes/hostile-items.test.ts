import { expect } from 'chai';
import fc from 'fast-check';
import { type ItemClass, isOxtenderError, itemClasses } from '@oxtender/bundle-api';
import { readChange, readNewItem } from '../../src/classes';
import {
  AirSync,
  AirSyncBase,
  Calendar,
  type CodePage,
  Contacts,
  Contacts2,
  Element,
  Email,
  Email2,
  Notes,
  Tasks,
} from '../../src/wbxml';
import { contact, note, series, task } from './arbitraries';
import { contextFor, versions } from './context';

const pages: Readonly<Record<ItemClass, readonly CodePage[]>> = {
  Contacts: [Contacts, Contacts2, AirSyncBase],
  Calendar: [Calendar, AirSyncBase],
  Tasks: [Tasks, AirSyncBase],
  Notes: [Notes, AirSyncBase],
  Email: [Email, Email2, Tasks, AirSyncBase],
};

const items = {
  Contacts: contact,
  Calendar: series,
  Tasks: task,
  Notes: note,
  Email: fc.record({ read: fc.boolean(), categories: fc.array(fc.string()) }),
};

const value = fc.oneof(
  fc.constantFrom('', '0', '1', '2', '7', '15', '-1', '999999999999', 'NaN', '1e9', '0x10', ' 1 ', 'true'),
  fc.constantFrom('20261122T100000Z', '2026-11-22T10:00:00.000Z', '20269922T100000Z', '00000000T000000Z'),
  fc.constantFrom('99991231T235959Z', '0001-01-01T00:00:00.000Z', 'AAAA', '='.repeat(229), 'A'.repeat(232)),
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64')),
);

/** Elements of the pages in any order and depth, with any text. */
function elements(of: readonly CodePage[]): fc.Arbitrary<Element[]> {
  const tag = fc.constantFrom(...of.flatMap((page) => Object.values(page)));
  const { list } = fc.letrec<{ node: Element; list: Element[] }>((tie) => ({
    node: fc
      .tuple(tag, fc.oneof({ depthSize: 'small' }, value, fc.uint8Array(), tie('list'), fc.constant(undefined)))
      .map(([name, content]) => new Element(name, content)),
    list: fc.array(tie('node'), { maxLength: 12 }),
  }));
  return list;
}

/** Nothing, or an ItemError; what else is thrown is a bug. */
function takesOrRefuses(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!isOxtenderError(error)) throw error;
    expect(error.name).to.equal('ItemError');
  }
}

describe('items that a hostile device sends', () => {
  for (const itemClass of itemClasses) {
    it(`are taken or refused: ${itemClass}`, () => {
      fc.assert(
        fc.property(
          elements(pages[itemClass]),
          items[itemClass] as fc.Arbitrary<never>,
          fc.constantFrom(...versions),
          (list, current, version) => {
            const data = new Element(AirSync.ApplicationData, list);
            const context = contextFor(itemClass, version);
            takesOrRefuses(() => readNewItem(itemClass, data, context));
            takesOrRefuses(() => readChange(itemClass, data, context)(current));
            takesOrRefuses(() => readChange(itemClass, data, context, Date.UTC(2026, 10, 22))(current));
          },
        ),
        { numRuns: 500 },
      );
    });
  }
});
