import { expect } from 'chai';
import { searchedItemFolders } from '../../src/lookup/item-search';
import { ScriptedSession } from '../commands/scripted-call';

const cases: readonly [string, { classes?: string[]; collectionIds?: string[] }, string[]][] = [
  ['none where nothing but words is asked for', {}, []],
  ['all of a class', { classes: ['Calendar'] }, ['F3', 'F6']],
  ['of several classes', { classes: ['contacts', 'Tasks'] }, ['F2', 'F4']],
  ['of a class, those that are named', { classes: ['Calendar'], collectionIds: ['F6', 'F2'] }, ['F6']],
  ['those that are named by themselves, but no folder of mail', { collectionIds: ['F1', 'F2', 'F4'] }, ['F2', 'F4']],
  ['none where mail is asked for', { classes: ['Email'], collectionIds: ['F2'] }, []],
  ['none for all folders without a class', { collectionIds: ['0'] }, []],
];

describe('folders that a Search looks through beside those of mail', () => {
  for (const [name, { classes = [], collectionIds = [] }, expected] of cases)
    it(`are ${name}`, async () => {
      const { session } = new ScriptedSession();
      const { signal } = new AbortController();
      const found = await searchedItemFolders(session, { classes, collectionIds }, { signal });
      expect(found.map(({ collectionId }) => collectionId)).to.deep.equal(expected);
    });
});
