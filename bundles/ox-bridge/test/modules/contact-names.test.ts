import type { Contact, FolderRef, GroupwareSession, Patch } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { sandboxed, signal } from '../support/session';

const options = { signal };

async function contactFolder(session: GroupwareSession): Promise<FolderRef & { itemClass: 'Contacts' }> {
  const folders = await session.listFolders(options);
  const found = folders.find(({ role }) => role === 'contacts');
  if (!found) throw new Error('no contacts');
  return { id: found.id, itemClass: 'Contacts' };
}

async function displayNames(made: Contact, ...changes: Patch<Contact>[]): Promise<(string | undefined)[]> {
  await using one = await sandboxed('7.10');
  using session = await one.login();
  const folder = await contactFolder(session);
  const { id } = await session.create(folder, made, { ...options, key: crypto.randomUUID() });
  const names: (string | undefined)[] = [];
  const look = async () => {
    const [found] = await session.read(folder, [id], options);
    names.push(found?.error ? undefined : found?.item.displayName);
  };
  await look();
  for (const patch of changes) {
    await session.patch(folder, id, patch, options);
    await look();
  }
  return names;
}

describe('display names of contacts', () => {
  it('are made of what a new contact has', async () => {
    expect(await displayNames({ firstName: 'Ann', lastName: 'Old' })).to.deep.equal(['Old, Ann']);
    expect(await displayNames({ company: 'ACME', email1: 'sales@acme.example' })).to.deep.equal(['ACME']);
    expect(await displayNames({ email1: 'ann@example.com' })).to.deep.equal(['ann@example.com']);
    expect(await displayNames({ fileAs: 'Annie', company: 'ACME' })).to.deep.equal(['Annie']);
  });

  it('follow the name that they were made of, in the same form', async () => {
    const changes: Patch<Contact>[] = [
      { lastName: 'New' },
      { jobTitle: 'Boss' },
      { firstName: null },
      { lastName: null },
    ];
    expect(await displayNames({ firstName: 'Ann', lastName: 'Old' }, ...changes)).to.deep.equal([
      ...['Old, Ann', 'New, Ann', 'New, Ann', 'New', 'New'],
    ]);
    const western: Contact = { firstName: 'Ann', lastName: 'Old', displayName: 'Ann Old' };
    expect(await displayNames(western, { lastName: 'New' })).to.deep.equal(['Ann Old', 'Ann New']);
  });

  it('that a person chose stay', async () => {
    const chosen: Contact = { firstName: 'Ann', lastName: 'Old', displayName: 'Boss' };
    expect(await displayNames(chosen, { lastName: 'New' })).to.deep.equal(['Boss', 'Boss']);
    expect(await displayNames({ lastName: 'Old' }, { lastName: 'New', displayName: 'Mine' })).to.deep.equal([
      ...['Old', 'Mine'],
    ]);
  });
});
