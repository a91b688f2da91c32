import { type Appointment, type Contact, GroupwareError, type Item, type Task } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { never, type TestDevice, World } from '../support/world';

const kinds = (changes: readonly { kind: string; serverId: string }[]): [string, string][] =>
  changes.map(({ kind, serverId }) => [kind, serverId]);

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing was refused',
    (error: unknown) => error,
  );
}

/** A device that is up to date in one default folder. */
async function upToDate(
  world: World,
  role: 'contacts' | 'calendar' | 'tasks' | 'inbox',
): Promise<[TestDevice, string]> {
  const device = await world.device();
  const collection = await device.collection(role);
  await device.sync(collection);
  return [device, collection];
}

/** A device that knows nothing yet of a folder of 250 contacts, which are read one by one. */
async function beforeManyContacts(world: World): Promise<[TestDevice, string]> {
  const { anna, groupware } = world;
  for (let n = 0; n < 250; n++) anna.put(anna.folder('contacts').id, { firstName: `Bob ${n}` });
  groupware.behaviour.recordsIn = 'nothing';
  const device = await world.device();
  return [device, await device.collection('contacts')];
}

describe('an exchange', () => {
  it('tells nothing with the initial key, whatever the folder holds', async () => {
    await using world = await World.create();
    world.anna.put(world.anna.folder('contacts').id, { firstName: 'Bob' });
    const device = await world.device();
    const contacts = await device.collection('contacts');
    const begun = await device.ask(contacts, { syncKey: '0' });
    expect(begun).to.include({ moreAvailable: false }).and.deep.include({ changes: [], results: [] });
    expect((await device.ask(contacts, { syncKey: '0' })).syncKey).to.equal(begun.syncKey);
  });

  it('keeps the key while nothing happens, or gives a new one where the operator wants it', async () => {
    await using world = await World.create();
    const [device, contacts] = await upToDate(world, 'contacts');
    const key = device.keys.get(contacts);
    expect((await device.sync(contacts)).syncKey).to.equal(key);
    await using old = await World.create({ options: { newKeyOnEmptySync: true } });
    const [oldDevice, oldContacts] = await upToDate(old, 'contacts');
    const oldKey = oldDevice.keys.get(oldContacts);
    expect((await oldDevice.sync(oldContacts)).syncKey).not.to.equal(oldKey);
  });

  it('refuses keys of other collections and devices, and unknown collections', async () => {
    await using world = await World.create();
    const [device, contacts] = await upToDate(world, 'contacts');
    const tasks = await device.collection('tasks');
    await device.sync(tasks);
    const other = await world.device('tablet');
    await other.collection('contacts');
    for (const syncKey of [device.keys.get(tasks)!, 'x', '00000000000000', ''])
      expect(await refusal(device.ask(contacts, { syncKey }))).to.include({ code: 'INVALID_SYNC_KEY' });
    const ofOther = other.ask(contacts, { syncKey: device.keys.get(contacts)! });
    expect(await refusal(ofOther)).to.include({ code: 'INVALID_SYNC_KEY' });
    for (const id of ['F999', 'x', '', 'F0']) {
      expect(await refusal(device.ask(id, { syncKey: '0' }))).to.include({ code: 'UNKNOWN_COLLECTION' });
    }
  });

  it('keeps a conversation as a whole on the device while its newest mail is inside the time window', async () => {
    await using world = await World.create();
    const { anna, clock } = world;
    const day = 86_400_000;
    const mail = (messageId: string, days: number, references: string[] = []) =>
      anna.deliver({ subject: 'Plan', messageId, references, receivedAt: clock.now() - days * day });
    await mail('<old@x>', 20);
    await mail('<other@x>', 20);
    const device = await world.device();
    const inbox = await device.collection('inbox');
    const since = clock.now() - 3 * day;
    const ask = (conversations: boolean) => device.sync(inbox, { filter: { since, conversations } });
    expect((await ask(true)).changes).to.deep.equal([]);
    await mail('<new@x>', 1, ['<old@x>']);
    expect((await ask(true)).changes.map(({ kind }) => kind)).to.deep.equal(['add', 'add']);
    expect((await ask(true)).changes).to.deep.equal([]);
    expect((await ask(false)).changes).to.have.length(1);
    expect((await ask(true)).changes.map(({ kind }) => kind)).to.deep.equal(['add']);
  });

  it('counts only what it tells against the window', async () => {
    await using world = await World.create();
    const { anna } = world;
    const folder = anna.folder('contacts').id;
    const ids = Array.from({ length: 5 }, (_, n) => anna.put(folder, { firstName: `Bob ${n}` }));
    const [device, contacts] = await upToDate(world, 'contacts');
    // Touched, but as it was: nothing to tell.
    for (const id of ids.slice(1)) anna.change(folder, id, { firstName: `Bob ${ids.indexOf(id)}` });
    anna.change(folder, ids[0]!, { firstName: 'Eve' });
    const { changes, moreAvailable } = await device.sync(contacts, { windowSize: 1 });
    expect(kinds(changes)).to.deep.equal([['change', `${contacts}:${ids[0]}`]]);
    expect(moreAvailable).to.equal(false);
  });

  it('stops reading when the time for the answer is over, and goes on with the next', async () => {
    await using world = await World.create();
    const [device, contacts] = await beforeManyContacts(world);
    const first = await device.sync(contacts, { windowSize: 512, budget: 0 });
    expect(first.changes).to.have.length(100);
    expect(first.moreAvailable).to.equal(true);
    const second = await device.sync(contacts, { windowSize: 512 });
    expect(second.changes).to.have.length(150);
    expect(second.moreAvailable).to.equal(false);
  });

  it('asks for the next items while those before are on their way, and for no more than the window takes', async () => {
    await using world = await World.create();
    const { groupware } = world;
    const [device, contacts] = await beforeManyContacts(world);
    await device.ask(contacts, { syncKey: '0' });
    const reads = (): number => groupware.calls.filter(({ method }) => method === 'read').length;
    const held = groupware.faults.hold('read');
    const answer = device.sync(contacts, { windowSize: 230 });
    while (reads() < 2) await new Promise(setImmediate);
    held[Symbol.dispose]();
    expect((await answer).changes).to.have.length(230);
    expect(reads()).to.equal(3);
  });

  it('fails with the first failure, also while more items are on their way, and tells all of them the next time', async () => {
    await using world = await World.create();
    const { groupware } = world;
    const [device, contacts] = await beforeManyContacts(world);
    groupware.faults.fail('read', new GroupwareError('UNAVAILABLE', 'down'), { times: 2 });
    expect(await refusal(device.sync(contacts, { windowSize: 512 }))).to.include({ code: 'UNAVAILABLE' });
    expect((await device.sync(contacts, { windowSize: 512 })).changes).to.have.length(250);
  });

  it('tells the change of a mail by its flags alone', async () => {
    await using world = await World.create();
    const { anna } = world;
    const mail = await anna.deliver({ subject: 'one', read: false });
    const [device, inbox] = await upToDate(world, 'inbox');
    world.groupware.calls.length = 0;
    anna.change(anna.folder('inbox').id, mail, { read: true, categories: ['red'] });
    const { changes } = await device.sync(inbox);
    const flags = { read: true, categories: ['red'] };
    expect(changes).to.deep.equal([{ kind: 'flags', serverId: `${inbox}:${mail}`, flags }]);
    expect(world.groupware.calls.map(({ method }) => method)).to.deep.equal(['changes']);
  });

  it('moves mails out of the filter softly, and in again', async () => {
    await using world = await World.create();
    const { anna, clock } = world;
    const day = 86_400_000;
    const old = await anna.deliver({ subject: 'old', receivedAt: clock.now() - 10 * day });
    const recent = await anna.deliver({ subject: 'recent', receivedAt: clock.now() - day });
    const device = await world.device();
    const inbox = await device.collection('inbox');
    const since = (days: number): { filter: { since: number } } => ({ filter: { since: clock.now() - days * day } });
    expect(kinds((await device.sync(inbox, since(3))).changes)).to.deep.equal([['add', `${inbox}:${recent}`]]);
    await clock.tick(4 * day);
    expect(kinds((await device.sync(inbox, since(3))).changes)).to.deep.equal([['softDelete', `${inbox}:${recent}`]]);
    expect(kinds((await device.sync(inbox, {})).changes)).to.deep.equal([
      ['add', `${inbox}:${recent}`],
      ['add', `${inbox}:${old}`],
    ]);
    expect(kinds((await device.sync(inbox, since(30))).changes)).to.deep.equal([]);
    expect(kinds((await device.sync(inbox, since(1))).changes)).to.deep.equal([
      ['softDelete', `${inbox}:${recent}`],
      ['softDelete', `${inbox}:${old}`],
    ]);
  });

  it('takes done tasks from a device that wants only open ones', async () => {
    await using world = await World.create();
    const { anna } = world;
    const folder = anna.folder('tasks').id;
    const open = anna.put(folder, { title: 'open' } satisfies Task);
    anna.put(folder, { title: 'done', status: 'done' } satisfies Task);
    const device = await world.device();
    const tasks = await device.collection('tasks');
    const filter = { incompleteOnly: true };
    expect(kinds((await device.sync(tasks, { filter })).changes)).to.deep.equal([['add', `${tasks}:${open}`]]);
    anna.change(folder, open, { status: 'done' });
    expect(kinds((await device.sync(tasks, { filter })).changes)).to.deep.equal([['softDelete', `${tasks}:${open}`]]);
    expect((await device.sync(tasks, { filter })).changes).to.deep.equal([]);
    expect((await device.sync(tasks)).changes.map(({ kind }) => kind)).to.deep.equal(['add', 'add']);
  });

  it('takes meetings that the user declined from a device that wants none, until he comes after all', async () => {
    await using world = await World.create();
    const { anna } = world;
    const folder = anna.folder('calendar').id;
    const times = { start: 3_600_000, end: 7_200_000, allDay: false };
    const invited = { ...times, title: 'invited', organizer: { address: 'bob@example.org' }, ownedByUser: false };
    const meeting = anna.put(folder, { ...invited, ownStatus: 'none' } satisfies Appointment);
    anna.put(folder, { ...invited, ownStatus: 'declined' } satisfies Appointment);
    const device = await world.device();
    const calendar = await device.collection('calendar');
    const filter = { exceptDeclined: true };
    const id = `${calendar}:${meeting}`;
    expect(kinds((await device.sync(calendar, { filter })).changes)).to.deep.equal([['add', id]]);
    anna.change(folder, meeting, { ownStatus: 'declined' });
    expect(kinds((await device.sync(calendar, { filter })).changes)).to.deep.equal([['delete', id]]);
    expect((await device.sync(calendar, { filter })).changes).to.deep.equal([]);
    anna.change(folder, meeting, { ownStatus: 'accepted' });
    expect(kinds((await device.sync(calendar, { filter })).changes)).to.deep.equal([['add', id]]);
  });

  it('gives the newest items of a folder that holds more than a device may have', async () => {
    await using world = await World.create({ options: { maxObjectsPerFolder: 3 } });
    const { anna, clock } = world;
    const arrive = (minutes: number): Promise<string> =>
      anna.deliver({ subject: `${minutes}`, receivedAt: clock.now() + minutes * 86_400_000 });
    const ids: string[] = [];
    for (let day = 0; day < 5; day++) ids.push(await arrive(day));
    const device = await world.device();
    const inbox = await device.collection('inbox');
    const first = await device.sync(inbox);
    expect(kinds(first.changes).sort()).to.deep.equal(
      ids
        .slice(2)
        .map((id) => ['add', `${inbox}:${id}`])
        .sort(),
    );
    const newest = await arrive(9);
    expect(kinds((await device.sync(inbox)).changes)).to.deep.equal([
      ['softDelete', `${inbox}:${ids[2]}`],
      ['add', `${inbox}:${newest}`],
    ]);
  });

  it('skips an item that fails alone, and tries it again when it changes', async () => {
    await using world = await World.create();
    const { anna, groupware } = world;
    groupware.behaviour.recordsIn = 'nothing';
    const folder = anna.folder('contacts').id;
    const ids = ['a', 'b', 'c'].map((firstName) => anna.put(folder, { firstName }));
    const device = await world.device();
    const contacts = await device.collection('contacts');
    await device.ask(contacts, { syncKey: '0' });
    const broken = new GroupwareError('BROKEN_ANSWER', 'nonsense');
    // Together, then each alone: the second of the three fails.
    groupware.faults.fail('read', broken);
    const read = groupware.faults;
    const answers: string[] = [];
    const run = read.run.bind(read);
    read.run = (method, signal, work) => {
      if (method === 'read') answers.push(method);
      if (method === 'read' && answers.length === 3) return Promise.reject(broken);
      return run(method, signal, work);
    };
    const { changes } = await device.sync(contacts);
    read.run = run;
    expect(answers).to.have.length(4);
    const sent = changes.map(({ serverId }) => serverId.split(':')[1]);
    expect(sent).to.have.length(2);
    const [missing] = ids.filter((id) => !sent.includes(id));
    expect((await device.sync(contacts)).changes).to.deep.equal([]);
    anna.change(folder, missing!, { company: 'Example' });
    expect(kinds((await device.sync(contacts)).changes)).to.deep.equal([['add', `${contacts}:${missing}`]]);
  });

  it('leaves the state as it was when the groupware is down', async () => {
    await using world = await World.create();
    const [device, contacts] = await upToDate(world, 'contacts');
    const key = device.keys.get(contacts);
    for (const method of ['changes', 'create']) {
      world.groupware.faults.fail(method, new GroupwareError('UNAVAILABLE', 'down'));
      const changes = [{ kind: 'add', clientId: '1', item: { firstName: 'Eve' } }] as const;
      expect(await refusal(device.ask(contacts, { changes }))).to.include({ code: 'UNAVAILABLE' });
    }
    expect((await device.sync(contacts)).syncKey).to.equal(key);
    expect(world.anna.items(world.anna.folder('contacts').id)).to.deep.equal([]);
  });

  it('does not echo what the device wrote, unless the groupware altered it', async () => {
    await using world = await World.create();
    const [device, contacts] = await upToDate(world, 'contacts');
    const item: Contact = { firstName: 'Eve', company: 'Example' };
    const added = await device.sync(contacts, { changes: [{ kind: 'add', clientId: '1', item }] });
    const serverId = added.results[0]!.serverId!;
    expect(added.changes).to.deep.equal([]);
    expect((await device.sync(contacts)).changes).to.deep.equal([]);
    const changed = await device.sync(contacts, { changes: [{ kind: 'change', serverId, patch: { company: null } }] });
    expect(changed.changes).to.deep.equal([]);
    expect((await device.sync(contacts)).changes).to.deep.equal([]);

    // The groupware gives an appointment a uid: that is news to who waits for it.
    const calendar = await device.collection('calendar');
    await device.sync(calendar);
    const event: Appointment = { title: 'Lunch', start: 0, end: 1, allDay: false };
    const quiet = await device.sync(calendar, { changes: [{ kind: 'add', clientId: '0', item: event }] });
    expect(quiet.changes).to.deep.equal([]);
    const told = await device.sync(calendar, {
      changes: [{ kind: 'add', clientId: '1', item: event, awaited: ['uid'] }],
    });
    expect(told.changes).to.have.length(1);
    const [change] = told.changes;
    expect(change?.kind === 'change' && (change.item as Appointment).uid).to.be.a('string');
    expect((await device.sync(calendar)).changes).to.deep.equal([]);
  });

  it('says of each change how it ended', async () => {
    await using world = await World.create();
    const { anna, groupware } = world;
    const folder = anna.folder('contacts').id;
    const there = anna.put(folder, { firstName: 'Bob' });
    const [device, contacts] = await upToDate(world, 'contacts');
    const at = (id: string): string => `${contacts}:${id}`;
    const outcomes = async (code: GroupwareError['code'], method: 'create' | 'patch'): Promise<unknown> => {
      groupware.faults.fail(method, new GroupwareError(code, 'refused'));
      const change =
        method === 'create'
          ? ({ kind: 'add', clientId: '1', item: { firstName: 'x' } } as const)
          : ({ kind: 'change', serverId: at(there), patch: { firstName: code } } as const);
      const { results } = await device.sync(contacts, { changes: [change] });
      return results[0]?.status;
    };
    for (const method of ['create', 'patch'] as const) {
      expect(await outcomes('QUOTA', method)).to.equal('no-space');
      expect(await outcomes('PERMISSION', method)).to.equal('forbidden');
      expect(await outcomes('TOO_LONG', method)).to.equal('invalid');
      expect(await outcomes('INVALID', method)).to.equal('invalid');
      expect(await outcomes('BROKEN_ANSWER', method)).to.equal('failed');
    }
    const { results } = await device.sync(contacts, {
      changes: [
        { kind: 'change', serverId: at('999'), patch: { firstName: 'x' } },
        { kind: 'delete', serverId: at('999'), mode: 'permanent' },
        { kind: 'change', serverId: 'F1:1', patch: { firstName: 'x' } },
        { kind: 'delete', serverId: at(there), mode: 'permanent' },
        { kind: 'change', serverId: at(there), patch: { firstName: 'x' } },
      ],
    });
    // Changes are made before deletions.
    expect(results.map(({ status }) => status)).to.deep.equal(['not-found', 'not-found', 'not-found', 'done', 'done']);
  });

  it('gives a device back what it could not change or delete', async () => {
    await using world = await World.create();
    const { anna, groupware } = world;
    const folder = anna.folder('contacts').id;
    const id = anna.put(folder, { firstName: 'Bob' });
    const [device, contacts] = await upToDate(world, 'contacts');
    const serverId = `${contacts}:${id}`;
    groupware.faults.fail('patch', new GroupwareError('PERMISSION', 'read only'));
    const change = await device.sync(contacts, {
      changes: [{ kind: 'change', serverId, patch: { firstName: 'Eve' } }],
    });
    expect(change.changes).to.deep.equal([{ kind: 'change', serverId, item: { firstName: 'Bob' } }]);
    groupware.account('anna@example.org').share(folder, 'anna@example.org');
    const run = groupware.faults.run.bind(groupware.faults);
    groupware.faults.run = (method, signal, work) =>
      method === 'delete'
        ? Promise.resolve([{ id, error: new GroupwareError('PERMISSION', 'read only') }] as never)
        : run(method, signal, work);
    const deletion = await device.sync(contacts, { changes: [{ kind: 'delete', serverId, mode: 'permanent' }] });
    groupware.faults.run = run;
    expect(deletion.results[0]?.status).to.equal('forbidden');
    expect(deletion.changes).to.deep.equal([{ kind: 'add', serverId, item: { firstName: 'Bob' } }]);
  });

  it('changes and deletes single occurrences of a series', async () => {
    await using world = await World.create();
    const { anna } = world;
    const day = 86_400_000;
    const folder = anna.folder('calendar').id;
    const series: Appointment = {
      uid: 'daily',
      title: 'Standup',
      start: 0,
      end: 900_000,
      allDay: false,
      recurrence: { frequency: 'daily', interval: 1 },
      exceptions: [{ originalStart: 5 * day, deleted: true }],
    };
    const id = anna.put(folder, series);
    const [device, calendar] = await upToDate(world, 'calendar');
    const serverId = `${calendar}:${id}`;
    // Another program makes an exception at the same time.
    anna.change(folder, id, { exceptions: [...series.exceptions!, { originalStart: 9 * day, title: 'Other' }] });
    const { results } = await device.sync(calendar, {
      changes: [
        { kind: 'change', serverId, occurrence: 2 * day, patch: { title: 'Late' } as never },
        { kind: 'delete', serverId, occurrence: 3 * day, mode: 'permanent' },
      ],
    });
    expect(results.map(({ status }) => status)).to.deep.equal(['done', 'done']);
    const [stored] = anna.items<Appointment>(folder);
    expect(stored?.item.exceptions).to.deep.equal([
      { originalStart: 2 * day, title: 'Late' },
      { originalStart: 3 * day, deleted: true },
      { originalStart: 5 * day, deleted: true },
      { originalStart: 9 * day, title: 'Other' },
    ]);
  });

  it('hands the item to a patch that is a function, and writes only what differs', async () => {
    await using world = await World.create();
    const { anna } = world;
    const folder = anna.folder('contacts').id;
    const id = anna.put(folder, { firstName: 'Bob', nickname: 'B', company: 'Old' });
    const [device, contacts] = await upToDate(world, 'contacts');
    anna.change(folder, id, { company: 'New' });
    const seen: Item[] = [];
    const patch = (current: Item): Contact => {
      seen.push(current);
      // A device that sends items whole, and knows no nickname.
      return { firstName: 'Eve', company: 'Old' };
    };
    const serverId = `${contacts}:${id}`;
    const { results, changes } = await device.sync(contacts, { changes: [{ kind: 'change', serverId, patch }] });
    expect(seen[0]).to.deep.equal({ firstName: 'Bob', nickname: 'B', company: 'New' });
    expect(results[0]?.status).to.equal('done');
    const merged = { firstName: 'Eve', nickname: 'B', company: 'New' };
    expect(anna.items(folder)[0]?.item).to.deep.equal(merged);
    expect(changes).to.deep.equal([{ kind: 'change', serverId, item: merged }]);
  });

  it('gives long or strange ids of the groupware short ones, stable over restarts', async () => {
    await using world = await World.create();
    const { anna } = world;
    const folder = anna.folder('contacts').id;
    const strange = ['cal://0/1', 'ä', 'x'.repeat(200), 'a:b', '~1', ''.padEnd(41, '1')];
    for (const id of strange) anna.put(folder, { firstName: id.slice(0, 3) }, id);
    const device = await world.device();
    const contacts = await device.collection('contacts');
    const { changes } = await device.sync(contacts);
    const ids = changes.map(({ serverId }) => serverId);
    expect(new Set(ids).size).to.equal(strange.length);
    for (const serverId of ids) expect(serverId).to.match(/^F[0-9]+:~[0-9a-z]+$/);
    await world.restart();
    const session = await world.open();
    const located = await Promise.all(ids.map((serverId) => session.locate(serverId)));
    expect(located.map((place) => place?.itemId).sort()).to.deep.equal(strange.toSorted());
    for (const [at, serverId] of ids.entries())
      expect(await session.serverIdOf(contacts, located[at]!.itemId)).to.equal(serverId);
    expect(await session.locate(`${contacts}:~zz`)).to.equal(undefined);
    const [fetched] = await session.fetch([ids[0]!], { signal: never });
    expect(fetched).to.have.property('item');
    session[Symbol.dispose]();
  });

  it('lets requests for one collection wait for each other, and refuses too many of a user', async () => {
    await using world = await World.create({ options: { requestsPerUser: 3 } });
    const [device, contacts] = await upToDate(world, 'contacts');
    const add = (clientId: string): ReturnType<TestDevice['ask']> =>
      device.ask(contacts, { changes: [{ kind: 'add', clientId: '1', item: { firstName: clientId } }] });
    const held = world.groupware.faults.hold('create');
    const running = [add('a'), add('a'), add('a')];
    expect(await refusal(add('a'))).to.include({ code: 'OVERLOADED' });
    held[Symbol.dispose]();
    const answers = await Promise.all(running);
    expect(new Set(answers.map(({ syncKey }) => syncKey)).size).to.equal(1);
    expect(world.anna.items(world.anna.folder('contacts').id)).to.have.length(1);
  });

  it('works on other collections meanwhile', async () => {
    await using world = await World.create();
    const [device, contacts] = await upToDate(world, 'contacts');
    const tasks = await device.collection('tasks');
    await device.sync(tasks);
    const held = world.groupware.faults.hold('create');
    const first = device.ask(contacts, { changes: [{ kind: 'add', clientId: '1', item: { firstName: 'Eve' } }] });
    world.anna.put(world.anna.folder('tasks').id, { title: 'Pay', status: 'not-started', percentCompleted: 0 });
    expect((await device.sync(tasks)).changes).to.have.length(1);
    held[Symbol.dispose]();
    expect((await first).results).to.have.nested.property('[0].status', 'done');
  });

  it('gives up waiting for another request of the same collection', async () => {
    await using world = await World.create();
    const [device, contacts] = await upToDate(world, 'contacts');
    const held = world.groupware.faults.hold('changes');
    const first = device.ask(contacts);
    const second = refusal(device.ask(contacts));
    await world.clock.tick(21_000);
    expect(await second).to.include({ code: 'COLLECTION_BUSY', retryable: true });
    held[Symbol.dispose]();
    await first;
  });
});

describe('a sync without changes', () => {
  it('costs at most one call of the groupware and one statement, and none of the calls while a watch runs', async () => {
    const statements: string[] = [];
    await using world = await World.create({
      connection: (connection) => ({
        ...connection,
        dialect: connection.dialect,
        transaction: (work, options) => connection.transaction(work, options),
        dataSource: new Proxy(connection.dataSource, {
          get(target, name) {
            if (name !== 'query') return Reflect.get(target, name, target) as unknown;
            return (sql: string, values: unknown[]) => {
              statements.push(sql);
              return target.query(sql, values);
            };
          },
        }),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
    });
    for (let n = 0; n < 50; n++) await world.anna.deliver({ subject: `mail ${n}` });
    const [device, inbox] = await upToDate(world, 'inbox');
    const { groupware } = world;
    const cost = async (): Promise<{ calls: string[]; statements: number }> => {
      groupware.calls.length = 0;
      statements.length = 0;
      using session = await world.open();
      await session.folders({ signal: never });
      const request = { collectionId: inbox, syncKey: device.keys.get(inbox)!, windowSize: 100, signal: never };
      expect((await session.sync(request)).syncKey).to.equal(request.syncKey);
      return { calls: groupware.calls.map(({ method }) => method), statements: statements.length };
    };
    await cost();
    expect(await cost()).to.deep.equal({ calls: ['changes'], statements: 1 });
    const waiting = device.session.wait({
      collections: [{ collectionId: inbox }],
      hierarchy: false,
      timeout: 60_000,
      signal: never,
    });
    await cost();
    expect(await cost()).to.deep.equal({ calls: [], statements: 1 });
    await world.clock.tick(60_000);
    await waiting;
  });
});
