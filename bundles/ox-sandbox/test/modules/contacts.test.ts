import { expect } from 'chai';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

describe('contacts', () => {
  let server: TestServer;
  let alice: OxClient;
  let bob: OxClient;
  const folder = 22;

  before(async () => {
    server = await TestServer.start();
    alice = await OxClient.login(server.url);
    bob = await OxClient.login(server.url, 'bob@example.com');
  });
  after(() => server[Symbol.asyncDispose]());

  const create = async (
    fields: Record<string, unknown>,
    client = alice,
  ): Promise<{ id: string; timestamp: number }> => {
    const { data, timestamp } = await client.put<{ id: string }>(
      'contacts',
      'new',
      {},
      { folder_id: folder, ...fields },
    );
    return { id: data.id, timestamp };
  };

  it('gives back what was put in, and only that', async () => {
    const { id, timestamp } = await create({
      display_name: 'Ünal 🎈',
      birthday: Date.UTC(1980, 1, 29) + 11 * 3_600_000,
      categories: 'b,a',
    });
    const { data } = await alice.get<Record<string, unknown>>('contacts', 'get', { id, folder });
    expect(data).to.include({
      id,
      folder_id: '22',
      display_name: 'Ünal 🎈',
      categories: 'b,a',
      created_by: 3,
      last_modified_utc: timestamp,
    });
    expect(data['birthday']).to.equal(Date.UTC(1980, 1, 29));
    expect(data).not.to.have.property('first_name');
  });

  it('answers columns in their order, null for what is absent or unknown', async () => {
    const { id, timestamp } = await create({ display_name: 'Row', private_flag: true });
    const { data } = await alice.put<unknown[][]>('contacts', 'list', { columns: '500,101,511,1,20,6,4711,' }, [
      { folder, id },
    ]);
    expect(data).to.deep.equal([['Row', true, null, id, '22', timestamp, null]]);
  });

  it('changes the fields of the body, clears those that are null or empty, leaves the rest', async () => {
    const { id, timestamp } = await create({ display_name: 'A', first_name: 'B', company: 'C', note: 'D' });
    const answer = await alice.put(
      'contacts',
      'update',
      { id, folder, timestamp },
      { first_name: null, company: '', note: 'E' },
    );
    expect(answer).to.have.property('data').that.deep.equals({});
    const { data } = await alice.get<Record<string, unknown>>('contacts', 'get', { id, folder });
    expect(data).to.include({ display_name: 'A', note: 'E' });
    expect(data).not.to.have.any.keys('first_name', 'company');
    expect(answer.timestamp).to.be.greaterThan(timestamp);
  });

  it('answers CON-0122 when nothing changes', async () => {
    const { id, timestamp } = await create({ display_name: 'Same' });
    expect(await alice.put('contacts', 'update', { id, folder, timestamp }, { display_name: 'Same' })).to.include({
      code: 'CON-0122',
      category: 1,
    });
  });

  it('refuses a change based on an old state as CON-0119, unless it is forced', async () => {
    const { id, timestamp } = await create({ display_name: 'One' });
    await alice.put('contacts', 'update', { id, folder, timestamp }, { display_name: 'Two' });
    expect(await alice.put('contacts', 'update', { id, folder, timestamp }, { display_name: 'Three' })).to.include({
      code: 'CON-0119',
      category: 9,
    });
    const forced = await alice.put(
      'contacts',
      'update',
      { id, folder, timestamp: Number.MAX_SAFE_INTEGER },
      { display_name: 'Three' },
    );
    expect(forced).not.to.have.property('error');
  });

  it('lists what it did not delete because it is newer', async () => {
    const old = await create({ display_name: 'old' });
    const changed = await create({ display_name: 'changed' });
    const { data } = await alice.put('contacts', 'delete', { timestamp: old.timestamp }, [
      { folder, id: old.id },
      { folder, id: changed.id },
    ]);
    expect(data).to.deep.equal([{ id: changed.id, folder: '22' }]);
    expect(await alice.get('contacts', 'get', { id: old.id, folder })).to.include({ code: 'CON-0125' });
  });

  it('names the fields that are too long', async () => {
    const answer = await alice.put(
      'contacts',
      'new',
      {},
      { folder_id: folder, display_name: 'x', title: 'y'.repeat(500) },
    );
    expect(answer).to.include({ code: 'CON-0154', category: 1 });
    expect(answer.problematic).to.deep.equal([{ id: 505, name: 'title', max_size: 64, length: 500 }]);
  });

  it('wants JSON booleans', async () => {
    expect(
      await alice.put('contacts', 'new', {}, { folder_id: folder, display_name: 'x', private_flag: 'true' }),
    ).to.include({ code: 'SVL-0009' });
  });

  it('moves to another folder, where it has the same id and the old one reports it gone', async () => {
    const { id, timestamp } = await create({ display_name: 'Mover' });
    await alice.put('contacts', 'update', { id, folder, timestamp }, { folder_id: 28 });
    const { data: moved } = await alice.get<unknown>('contacts', 'get', { id, folder: 28 });
    expect(moved).to.include({ folder_id: '28', display_name: 'Mover' });
    const { data } = await alice.get<unknown[]>('contacts', 'updates', {
      folder,
      timestamp,
      ignore: 'false',
      columns: '1',
    });
    expect(data).to.deep.equal([id]);
  });

  it('hides deletions in updates unless told not to', async () => {
    const { id, timestamp } = await create({ display_name: 'Gone' });
    await alice.put('contacts', 'delete', { timestamp }, { folder, id });
    expect((await alice.get('contacts', 'updates', { folder, timestamp, columns: '1' })).data).to.deep.equal([]);
    expect(
      (await alice.get('contacts', 'updates', { folder, timestamp, columns: '1', ignore: 'deleted' })).data,
    ).to.deep.equal([]);
    const open = await alice.get('contacts', 'updates', { folder, timestamp, columns: '1', ignore: 'false' });
    expect(open.data).to.deep.equal([id]);
    expect(open.timestamp).to.be.greaterThan(timestamp);
  });

  it('answers the timestamp of the request when nothing changed', async () => {
    const { timestamp } = await create({ display_name: 'Last' });
    expect(await alice.get('contacts', 'updates', { folder, timestamp, columns: '1', ignore: 'false' })).to.deep.equal({
      data: [],
      timestamp,
    });
  });

  it('shifts times, but not dates and timestamps, by the zone of the request or of the user', async () => {
    const { id, timestamp } = await create({ display_name: 'Zone', birthday: 0 });
    const read = async (timezone: string): Promise<unknown[]> => {
      const { data } = await alice.put<unknown[][]>('contacts', 'list', { columns: '5,6,511', timezone }, [
        { folder, id },
      ]);
      return data[0]!;
    };
    expect(await read('UTC')).to.deep.equal([timestamp, timestamp, 0]);
    expect(await read('Europe/Berlin')).to.deep.equal([timestamp + 3_600_000, timestamp, 0]);
    expect(await read('Asia/Kathmandu')).to.deep.equal([timestamp + 20_700_000, timestamp, 0]);
    expect(await alice.put('contacts', 'list', { columns: '5', timezone: 'Nowhere/Land' }, [])).to.include({
      code: 'SVL-0010',
    });
  });

  it('keeps a picture, gives it out, and removes it', async () => {
    const form = new FormData();
    form.set('json', JSON.stringify({ folder_id: folder, display_name: 'Face' }));
    form.set('file', new Blob([picture], { type: 'image/png' }), 'face.png');
    const { data } = await alice.post<{ id: string }>('contacts', 'new', {}, form);
    const contact = (await alice.get<Record<string, unknown>>('contacts', 'get', { id: data.id, folder })).data;
    expect(contact).to.include({ number_of_images: 1, image1_content_type: 'image/png' });
    const response = await alice.fetch(
      `${String(contact['image1_url']).replace('/ajax/', '')}&session=${alice.session}`,
      { method: 'GET' },
    );
    expect(Buffer.from(await response.arrayBuffer()).equals(picture)).to.equal(true);
    const byId = await alice.raw('GET', 'contacts/picture', 'get', { contact_id: data.id, folder_id: folder });
    expect(byId.headers.get('content-type')).to.equal('image/png');
    await alice.put(
      'contacts',
      'update',
      { id: data.id, folder, timestamp: Number.MAX_SAFE_INTEGER },
      { image1: null },
    );
    expect(
      (await alice.raw('GET', 'contacts/picture', 'get', { contact_id: data.id, folder_id: folder })).status,
    ).to.equal(404);
  });

  it('keeps distribution lists, and refuses members without an address', async () => {
    const members = [{ display_name: 'Bob', mail: 'bob@example.com', mail_field: 0 }];
    const { id } = await create({ display_name: 'List', mark_as_distributionlist: true, distribution_list: members });
    const { data } = await alice.get<Record<string, unknown>>('contacts', 'get', { id, folder });
    expect(data['distribution_list']).to.deep.equal(members);
    expect(data).to.include({ mark_as_distributionlist: true, number_of_distribution_list: 1 });
    const bad = await alice.put(
      'contacts',
      'new',
      {},
      { folder_id: folder, display_name: 'x', distribution_list: [{ display_name: 'y' }] },
    );
    expect(bad).to.include({ code: 'CON-0177' });
  });

  it('has the users in the global address book, which nobody deletes or gives another address', async () => {
    const { data } = await bob.put<unknown[][]>(
      'contacts',
      'search',
      { columns: '1,555,524' },
      { pattern: 'Alice*', folder: [6] },
    );
    expect(data.map((row) => row.slice(1))).to.deep.equal([['alice@example.com', 3]]);
    const id = String(data[0]![0]);
    const timestamp = Number.MAX_SAFE_INTEGER;
    expect(await alice.put('contacts', 'update', { id, folder: 6, timestamp }, { email1: 'x@example.com' })).to.include(
      { code: 'CON-0173' },
    );
    expect(await alice.put('contacts', 'delete', { timestamp }, [{ id, folder: 6 }])).to.include({ code: 'CON-0260' });
    expect(await bob.put('contacts', 'update', { id, folder: 6, timestamp }, { note: 'x' })).to.include({
      code: 'CON-0176',
    });
    expect(await alice.put('contacts', 'update', { id, folder: 6, timestamp }, { note: 'x' })).not.to.have.property(
      'error',
    );
  });

  it('searches by name, by fields, by filter and while typing', async () => {
    await create({
      display_name: 'Zaphod Beeblebrox',
      first_name: 'Zaphod',
      email1: 'zaphod@heart.example',
      company: 'Heart 100%_Gold',
    });
    const found = async (action: string, body: unknown): Promise<string[]> =>
      (await alice.put<string[][]>('contacts', action, { columns: '500' }, body)).data.map(([name]) => name!);
    expect(await found('search', { pattern: 'zaphod*', folder: [folder] })).to.deep.equal(['Zaphod Beeblebrox']);
    expect(await found('search', { company: '100%_gold', first_name: 'nobody', orSearch: true })).to.deep.equal([
      'Zaphod Beeblebrox',
    ]);
    expect(await found('search', { company: '100x_gold' })).to.deep.equal([]);
    const filter = ['and', ['=', { field: 'first_name' }, 'Zaph*'], ['not', ['=', { field: 'company' }, 'x']]];
    expect(await found('advancedSearch', { filter })).to.deep.equal(['Zaphod Beeblebrox']);
    expect(
      await alice.put('contacts', 'advancedSearch', { columns: '1' }, { filter: ['=', { field: 'no_field' }, 'x'] }),
    ).to.include({ code: 'SVL-0010' });
    const { data } = await alice.get<string[][]>('contacts', 'autocomplete', { columns: '500', query: 'beeble' });
    expect(data).to.deep.equal([]);
    expect(
      (await alice.get<string[][]>('contacts', 'autocomplete', { columns: '500', query: 'zaph' })).data,
    ).to.deep.equal([['Zaphod Beeblebrox']]);
  });

  it('finds birthdays in a range that crosses the year', async () => {
    await create({ display_name: 'New Year', birthday: Date.UTC(1990, 0, 2) });
    const { data } = await alice.get<string[][]>('contacts', 'birthdays', {
      columns: '500',
      start: Date.UTC(2026, 11, 30),
      end: Date.UTC(2027, 0, 5),
      folder,
    });
    expect(data).to.deep.include(['New Year']);
    const before = { columns: '500', start: Date.UTC(2026, 11, 30), end: Date.UTC(2027, 0, 2), folder };
    expect((await alice.get<string[][]>('contacts', 'birthdays', before)).data).not.to.deep.include(['New Year']);
  });

  it('lets others see shared contacts but not private ones, and not write without the right', async () => {
    const shared = 30;
    const make = async (fields: object): Promise<string> =>
      (await bob.put<{ id: string }>('contacts', 'new', {}, { folder_id: shared, ...fields })).data.id;
    const open = await make({ display_name: 'Open' });
    const hidden = await make({ display_name: 'Hidden', private_flag: true });
    const { data } = await alice.get<string[][]>('contacts', 'all', { folder: shared, columns: '500' });
    expect(data).to.deep.equal([['Open']]);
    expect(await alice.get('contacts', 'get', { folder: shared, id: hidden })).to.include({ code: 'CON-0125' });
    const timestamp = Number.MAX_SAFE_INTEGER;
    expect(await alice.put('contacts', 'update', { folder: shared, id: open, timestamp }, { note: 'x' })).to.include({
      code: 'CON-0176',
      category: 3,
    });
    expect(await alice.put('contacts', 'delete', { timestamp }, [{ folder: shared, id: open }])).to.include({
      code: 'CON-0169',
    });
    expect(await alice.put('contacts', 'new', {}, { folder_id: shared, display_name: 'x' })).to.include({
      code: 'CON-0112',
    });
    expect(await bob.get('contacts', 'all', { folder, columns: '1' })).to.include({ code: 'CON-0104', category: 3 });
  });

  it('orders by a column and cuts by limits', async () => {
    const read = async (params: object): Promise<string[]> =>
      (await alice.get<string[][]>('contacts', 'all', { folder: 6, columns: '500', ...params })).data.map(
        ([name]) => name!,
      );
    expect(await read({ sort: 500, order: 'asc' })).to.deep.equal(['Alice Winter', 'Bob Sommer']);
    expect(await read({ sort: 500, order: 'desc' })).to.deep.equal(['Bob Sommer', 'Alice Winter']);
    expect(await read({ sort: 607 })).to.deep.equal(['Bob Sommer', 'Alice Winter']);
    expect(await read({ sort: 500, left_hand_limit: 1, right_hand_limit: 2 })).to.deep.equal(['Bob Sommer']);
    expect(await read({ sort: 500, limit: '0,1' })).to.deep.equal(['Alice Winter']);
  });
});
