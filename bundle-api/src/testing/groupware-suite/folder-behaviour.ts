import { expect } from 'chai';
import type { Folder } from '../../model/folder';
import type { ItemClass } from '../../model/values';
import { failureOf, type Scene } from './fixture';

/** Folders. */
export function describeFolders(scene: () => Scene): void {
  describe('folders', () => {
    const find = async (id: string): Promise<Folder | undefined> =>
      (await scene().session.listFolders(scene().options)).find((one) => one.id === id);

    it('has each role once, for its class', async () => {
      const { session, options } = scene();
      const roles = (await session.listFolders(options)).flatMap(({ role, itemClass }) =>
        role ? [`${role} ${itemClass}`] : [],
      );
      expect(new Set(roles).size).to.equal(roles.length);
      expect(roles).to.include.members([
        'inbox Email',
        'drafts Email',
        'sent Email',
        'trash Email',
        'calendar Calendar',
        'contacts Contacts',
        'tasks Tasks',
      ]);
    });

    for (const itemClass of ['Email', 'Contacts', 'Calendar', 'Tasks'] satisfies ItemClass[])
      it(`creates, renames and deletes one of class ${itemClass}`, async () => {
        const { session, options } = scene();
        const name = scene().name();
        const { id } = await session.createFolder({ name, itemClass }, options);
        const made = await find(id);
        expect(made).to.include({ name, itemClass, space: 'private' });
        expect(made?.rights).to.include({ read: 'all', write: 'all', delete: 'all', createItems: true, admin: true });

        const renamed = await session.updateFolder({ id, itemClass }, { name: `${name} new` }, options);
        expect(await find(renamed.id)).to.include({ name: `${name} new` });

        await session.deleteFolder({ id: renamed.id, itemClass }, options);
        const left = (await find(renamed.id))?.parentId;
        if (itemClass !== 'Email') expect(left).to.equal(undefined);
      });

    it('moves a folder below another', async () => {
      const { session, options } = scene();
      const parent = await scene().folder('Email');
      const child = await scene().folder('Email');
      const { id } = await session.updateFolder(child, { parentId: parent.id }, options);
      expect(await find(id)).to.include({ parentId: parent.id });
    });

    it('refuses a second folder of the same name with EXISTS', async () => {
      const { session, options } = scene();
      const folder = { name: scene().name(), itemClass: 'Contacts' as const };
      await session.createFolder(folder, options);
      expect(await failureOf(session.createFolder(folder, options))).to.include({ code: 'EXISTS' });
    });

    it('empties a folder', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Contacts');
      await scene().create(folder, { displayName: 'One' });
      await scene().create(folder, { displayName: 'Two' });
      await session.emptyFolder(folder, options);
      expect((await session.list(folder, options)).items).to.deep.equal([]);
    });

    it('reports an unknown folder as NOT_FOUND', async () => {
      const { session, options } = scene();
      const folder = { id: '987654', itemClass: 'Contacts' as const };
      expect(await failureOf(session.list(folder, options))).to.include({ code: 'NOT_FOUND' });
    });
  });
}
