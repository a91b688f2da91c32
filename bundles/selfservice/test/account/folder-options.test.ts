import type { Folder, FolderChoice } from '@oxtender/bundle-api';
import { fullRights } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import fc from 'fast-check';
import { chooseFolders, folderOptions } from '../../src/account/folder-options';

const folder = (id: string, more: Partial<Folder> = {}): Folder => ({
  id,
  name: id,
  itemClass: 'Email',
  space: 'private',
  rights: fullRights,
  subscribed: true,
  ...more,
});

const none: FolderChoice = { include: [], exclude: [] };

describe('the folders that a user chooses', () => {
  it('lead to what was ticked, whatever was chosen and subscribed before', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const some = fc.subarray(ids);
    fc.assert(
      fc.property(some, some, some, some, some, (subscribed, include, exclude, ticked, fixed) => {
        const folders = ids.map((id) =>
          folder(id, { subscribed: subscribed.includes(id), ...(fixed.includes(id) && { role: 'inbox' }) }),
        );
        const choice = chooseFolders(folders, { include, exclude }, new Set(ticked));
        const chosen = folderOptions(folders, choice).filter(({ isChosen }) => isChosen);
        expect(chosen.map(({ id }) => id).sort()).to.deep.equal([...new Set([...ticked, ...fixed])].sort());
        expect(choice.include.filter((id) => choice.exclude.includes(id))).to.deep.equal([]);
      }),
    );
  });

  it('keep what was chosen of folders that cannot be seen now', () => {
    const before = { include: ['gone', 'b'], exclude: ['away', 'a'] };
    const folders = [folder('a'), folder('b', { subscribed: false })];
    expect(chooseFolders(folders, before, new Set(['a']))).to.deep.equal({ include: ['gone'], exclude: ['away'] });
  });

  it('are shown with the folders above them, default ones first, unreadable ones not at all', () => {
    const folders = [
      folder('2', { name: 'Minutes', parentId: '1' }),
      folder('1', { name: 'Projects', parentId: 'top' }),
      folder('0', { name: 'Inbox', role: 'inbox' }),
      folder('3', { name: 'Secret', rights: { ...fullRights, read: 'none' } }),
      folder('4', { name: 'Loop', parentId: '4', owner: 'Bob', space: 'shared' }),
    ];
    const shown = folderOptions(folders, none).map(({ name, isFixed, owner }) => [name, isFixed, owner]);
    expect(shown).to.deep.equal([
      ['Inbox', true, undefined],
      ['Loop', false, 'Bob'],
      ['Projects', false, undefined],
      ['Projects / Minutes', false, undefined],
    ]);
  });
});
