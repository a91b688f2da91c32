import { expect } from 'chai';
import type { Item, ItemPatch } from '../../model/item';
import type { FolderRef, ItemVersion } from '../../services/groupware/items';
import { failureOf, type Scene } from './fixture';

/** Classes whose items are made from records. */
export type RecordClass = 'Contacts' | 'Calendar' | 'Tasks';

/** An item of a class, and a change of it. */
export interface Example<C extends RecordClass> {
  readonly item: Item<C>;
  /** Changes one field and clears another. */
  readonly patch: ItemPatch<C>;
  /** What is there afterwards, of these fields. */
  readonly after: Partial<Item<C>>;
  readonly cleared: string;
}

/** What holds for items of every class but mail. */
export function describeItems<C extends RecordClass>(itemClass: C, example: Example<C>, scene: () => Scene): void {
  const versionsOf = (items: readonly ItemVersion[]): Record<string, string> =>
    Object.fromEntries(items.map(({ id, version }) => [id, version]));

  it('lists, reads and reports what was created, all with the same version', async () => {
    const { session, options } = scene();
    const folder = await scene().folder(itemClass);
    const { token } = await session.list(folder, options);
    const { id, version } = await scene().create(folder, example.item);
    expect(versionsOf((await session.list(folder, options)).items)).to.deep.equal({ [id]: version });
    const [read] = await session.read(folder, [id], options);
    expect(read).to.include({ id, version });
    expect(read?.error ? undefined : read?.item).to.deep.include(example.item);
    const delta = await session.changes(folder, token, options);
    const changed = delta.kind === 'delta' ? delta.changed : delta.kind === 'snapshot' ? delta.items : [];
    expect(versionsOf(changed)).to.deep.equal({ [id]: version });
    for (const { item } of changed) if (item) expect(item).to.deep.equal(read?.error ? undefined : read?.item);
    expect(await session.changes(folder, delta.token, options)).to.include({ kind: 'none' });
  });

  it('changes what a patch names, clears what it says null to, and leaves the rest', async () => {
    const { session, options } = scene();
    const folder = await scene().folder(itemClass);
    const { id, version } = await scene().create(folder, example.item);
    const before = await scene().read(folder, id);
    const patched = await session.patch(folder, id, example.patch, { ...options, ifVersion: version });
    expect(patched.id).to.equal(id);
    expect(patched.version).to.not.equal(version);
    const after = await scene().read(folder, id);
    expect(after).to.deep.include(example.after);
    expect(after).to.not.have.property(example.cleared);
    const derived = ['lastModified', 'sequence', 'status', 'allDay', 'displayName'];
    const touched = new Set([...Object.keys(example.patch), ...derived]);
    const rest = (item: Item<C>): unknown =>
      Object.fromEntries(Object.entries(item).filter(([key]) => !touched.has(key)));
    expect(rest(after)).to.deep.equal(rest(before));
  });

  it('refuses a patch of another version with CONFLICT', async () => {
    const { session, options } = scene();
    const folder = await scene().folder(itemClass);
    const { id, version } = await scene().create(folder, example.item);
    await session.patch(folder, id, example.patch, options);
    const failure = await failureOf(session.patch(folder, id, example.patch, { ...options, ifVersion: version }));
    expect(failure).to.include({ code: 'CONFLICT' });
  });

  it('deletes, reports the deletion, and finds deleting again a success', async () => {
    const { session, options } = scene();
    const folder = await scene().folder(itemClass);
    const { id } = await scene().create(folder, example.item);
    const { id: other } = await scene().create(folder, example.item);
    const { token } = await session.list(folder, options);
    const mode = { ...options, mode: 'permanent' as const };
    expect(await session.delete(folder, [id], mode)).to.deep.equal([{ id }]);
    const delta = await session.changes(folder, token, options);
    if (delta.kind === 'delta') expect(delta.deleted).to.include(id);
    else expect(delta).to.include({ kind: 'snapshot' });
    expect(await session.delete(folder, [id, other], mode)).to.deep.equal([{ id }, { id: other }]);
    expect((await session.list(folder, options)).items).to.deep.equal([]);
  });

  it('answers each of many reads for itself', async () => {
    const { session, options } = scene();
    const folder = await scene().folder(itemClass);
    const { id } = await scene().create(folder, example.item);
    const results = await session.read(folder, ['876543', id], options);
    expect(results.map((one) => one.id)).to.deep.equal(['876543', id]);
    expect(results[0]?.error).to.include({ code: 'NOT_FOUND' });
    expect(results[1]?.error).to.equal(undefined);
  });

  it('moves to another folder', async () => {
    const { session, options } = scene();
    const [from, to] = [await scene().folder(itemClass), await scene().folder(itemClass)];
    const { id } = await scene().create(from, example.item);
    const [result] = await session.move(from, [id], to, options);
    expect(result?.error).to.equal(undefined);
    const moved = result?.error ? undefined : result?.moved;
    expect((await session.list(from, options)).items).to.deep.equal([]);
    expect(versionsOf((await session.list(to, options)).items)).to.deep.equal({ [moved?.id ?? '']: moved?.version });
  });

  it('finds again what was created with a key, and nothing else', async () => {
    const { session, options } = scene();
    const folder: FolderRef & { itemClass: C } = await scene().folder(itemClass);
    const key = crypto.randomUUID();
    expect(await session.findCreated(folder, key, options)).to.equal(undefined);
    const written = await session.create(folder, example.item, { ...options, key });
    expect(await session.findCreated(folder, key, options)).to.deep.equal(written);
    expect(await session.findCreated(folder, crypto.randomUUID(), options)).to.equal(undefined);
  });
}
