import { type ClientChange, GroupwareError, SyncError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { Sync } from '../../src/commands/sync/sync';
import { MalformedRequest } from '../../src/protocol/malformed-request';
import { AirSync, AirSyncBase, Contacts, Email, type Element, element } from '../../src/wbxml';
import { ScriptedSession, execute, services } from './scripted-call';

const day = 86_400_000;

function collection(id: string, key: string, ...rest: Element[]): Element {
  return element(AirSync.Collection, element(AirSync.SyncKey, key), element(AirSync.CollectionId, id), ...rest);
}

function sync(collections: readonly Element[], ...rest: Element[]): Element {
  return element(AirSync.Sync, collections.length > 0 ? element(AirSync.Collections, collections) : undefined, ...rest);
}

const options = (...children: Element[]) => element(AirSync.Options, ...children);
const commands = (...children: Element[]) => element(AirSync.Commands, ...children);
const data = (...children: Element[]) => element(AirSync.ApplicationData, ...children);
const topStatus = (answer: Element | undefined) => answer?.child(AirSync.Status)?.text;
const first = (answer: Element | undefined) => answer?.child(AirSync.Collections)?.children[0];
const status = (answer: Element | undefined) => first(answer)?.child(AirSync.Status)?.text;

describe('Sync', () => {
  describe('the answer', () => {
    it('gives a new key for key 0, and no commands', async () => {
      const scripted = new ScriptedSession();
      scripted.onSync = () => ({ syncKey: 'k1' });
      const answer = await execute(Sync, sync([collection('F2', '0')]), scripted);
      expect(first(answer)?.children.map((child) => [child.tag.name, child.text])).to.deep.equal([
        ['SyncKey', 'k1'],
        ['CollectionId', 'F2'],
        ['Status', '1'],
      ]);
    });

    it('is empty when nothing changed, from 12.1; before it has the keys', async () => {
      expect(await execute(Sync, sync([collection('F2', 'k1')]), new ScriptedSession())).to.equal(undefined);
      const old = await execute(Sync, sync([collection('F2', 'k1')]), new ScriptedSession(), { version: '12.0' });
      expect([first(old)?.child(AirSync.Class)?.text, first(old)?.child(AirSync.SyncKey)?.text]).to.deep.equal([
        'Contacts',
        'k1',
      ]);
    });

    it('brings additions, changes, flags, deletions and soft deletions', async () => {
      const scripted = new ScriptedSession();
      scripted.onSync = () => ({
        syncKey: 'k2',
        moreAvailable: true,
        changes: [
          { kind: 'add', serverId: 'F1:1', item: { subject: 'Hello', read: false } },
          { kind: 'flags', serverId: 'F1:2', flags: { read: true } },
          { kind: 'delete', serverId: 'F1:3' },
          { kind: 'softDelete', serverId: 'F1:4' },
        ],
      });
      const answer = first(await execute(Sync, sync([collection('F1', 'k1')]), scripted));
      expect(answer?.children.map(({ tag }) => tag.name)).to.deep.equal([
        'SyncKey',
        'CollectionId',
        'Status',
        'MoreAvailable',
        'Commands',
      ]);
      const brought = answer?.child(AirSync.Commands)?.children ?? [];
      expect(brought.map((command) => [command.tag.name, command.child(AirSync.ServerId)?.text])).to.deep.equal([
        ['Add', 'F1:1'],
        ['Change', 'F1:2'],
        ['Delete', 'F1:3'],
        ['SoftDelete', 'F1:4'],
      ]);
      const flags = brought[1]?.child(AirSync.ApplicationData)?.children.map(({ tag }) => tag);
      expect(flags).to.include(Email.Read).and.not.include(Email.Subject);
    });
  });

  describe("the device's changes", () => {
    const add = (clientId: string, ...children: Element[]) =>
      element(AirSync.Add, element(AirSync.ClientId, clientId), data(...children));

    it('are given to the engine in order, and an Add is always answered', async () => {
      const scripted = new ScriptedSession();
      scripted.onSync = () => ({
        syncKey: 'k2',
        results: [{ status: 'done', serverId: 'F2:9' }, { status: 'done' }, { status: 'conflict' }],
      });
      const request = sync([
        collection(
          'F2',
          'k1',
          commands(
            add('c1', element(Contacts.FirstName, 'Anna')),
            element(AirSync.Change, element(AirSync.ServerId, 'F2:1'), data(element(Contacts.FirstName, 'Bob'))),
            element(AirSync.Delete, element(AirSync.ServerId, 'F2:2')),
          ),
        ),
      ]);
      const answer = first(await execute(Sync, request, scripted));
      expect(scripted.synced[0]?.changes?.map(({ kind }) => kind)).to.deep.equal(['add', 'change', 'delete']);
      const responses = answer
        ?.child(AirSync.Responses)
        ?.children.map((response) => [
          response.tag.name,
          response.child(AirSync.ServerId)?.text,
          response.child(AirSync.Status)?.text,
        ]);
      expect(responses).to.deep.equal([
        ['Add', 'F2:9', '1'],
        ['Delete', 'F2:2', '7'],
      ]);
    });

    it('answer 6 for an item that breaks its class, and the others go on', async () => {
      const scripted = new ScriptedSession();
      scripted.onSync = () => ({ results: [{ status: 'done', serverId: 'F1:9' }] });
      const request = sync([
        collection(
          'F2',
          'k1',
          commands(
            add('bad', element(Contacts.Picture, 'A'.repeat(60_000))),
            add('good', element(Contacts.LastName, 'A')),
          ),
        ),
      ]);
      const answer = first(await execute(Sync, request, scripted));
      const statuses = answer
        ?.child(AirSync.Responses)
        ?.children.map((response) => response.child(AirSync.Status)?.text);
      expect([scripted.synced[0]?.changes?.length, statuses]).to.deep.equal([1, ['6', '1']]);
    });

    it('answer 6 for a mail that a device before 16.0 adds', async () => {
      const request = sync([collection('F1', 'k1', commands(add('c1', element(Email.Subject, 'Hello'))))]);
      const answer = first(await execute(Sync, request, new ScriptedSession(), { version: '14.1' }));
      expect(answer?.child(AirSync.Responses)?.children[0]?.child(AirSync.Status)?.text).to.equal('6');
    });

    it('answer 6 for a mail that is added to another folder than the drafts', async () => {
      const request = sync([collection('F1', 'k1', commands(add('c1', element(Email.Subject, 'Hello'))))]);
      const answer = first(await execute(Sync, request, new ScriptedSession(), { version: '16.1' }));
      expect(answer?.child(AirSync.Responses)?.children[0]?.child(AirSync.Status)?.text).to.equal('6');
    });

    // horde/ActiveSync, CHANGES 2.6.0, 2.8.0
    it('take and drop short messages that nobody asked for', async () => {
      const scripted = new ScriptedSession();
      const sms = element(
        AirSync.Add,
        element(AirSync.Class, 'SMS'),
        element(AirSync.ClientId, 'c1'),
        data(element(Email.To, '+49 170 5550101')),
      );
      const added = first(await execute(Sync, sync([collection('F1', 'k1', commands(sms))]), scripted))
        ?.child(AirSync.Responses)
        ?.child(AirSync.Add);
      expect(added?.child(AirSync.Status)?.text).to.equal('1');
      const serverId = added?.child(AirSync.ServerId)?.text ?? '';
      const remove = commands(element(AirSync.Delete, element(AirSync.ServerId, serverId)));
      expect(await execute(Sync, sync([collection('F1', 'k1', remove)]), scripted)).to.equal(undefined);
      expect(scripted.synced.map(({ changes }) => changes)).to.deep.equal([[], []]);
    });

    it('delete for good when DeletesAsMoves is 0', async () => {
      const scripted = new ScriptedSession();
      const remove = commands(element(AirSync.Delete, element(AirSync.ServerId, 'F1:1')));
      await execute(Sync, sync([collection('F1', 'k1', element(AirSync.DeletesAsMoves, '0'), remove)]), scripted);
      await execute(Sync, sync([collection('F1', 'k1', remove)]), scripted);
      const modes = scripted.synced.map(({ changes }) => (changes?.[0] as ClientChange & { mode: string }).mode);
      expect(modes).to.deep.equal(['permanent', 'trash']);
    });
  });

  describe('status', () => {
    it('3 when the engine does not know the key, with the key 0', async () => {
      const scripted = new ScriptedSession();
      scripted.onSync = () => {
        throw new SyncError('INVALID_SYNC_KEY', 'unknown');
      };
      const answer = await execute(Sync, sync([collection('F2', 'old')]), scripted);
      expect([status(answer), first(answer)?.child(AirSync.SyncKey)?.text]).to.deep.equal(['3', '0']);
    });

    it('4 for GetChanges or commands with key 0', async () => {
      const withGetChanges = collection('F2', '0', element(AirSync.GetChanges, '1'));
      expect(status(await execute(Sync, sync([withGetChanges]), new ScriptedSession()))).to.equal('4');
    });

    it('4 for a filter that the class does not have', async () => {
      const request = sync([collection('F1', 'k1', options(element(AirSync.FilterType, 6)))]);
      expect(status(await execute(Sync, request, new ScriptedSession()))).to.equal('4');
    });

    it('4 for Supported in a notes folder', async () => {
      const request = sync([collection('F5', '0', element(AirSync.Supported))]);
      expect(status(await execute(Sync, request, new ScriptedSession()))).to.equal('4');
    });

    it('4 for two blocks of options that are not those of mail and of SMS', async () => {
      const of = (name: string) => options(element(AirSync.Class, name), element(AirSync.FilterType, 0));
      const outcome = async (folder: string, ...names: string[]) =>
        status(await execute(Sync, sync([collection(folder, '0', ...names.map(of))]), new ScriptedSession()));
      expect(await outcome('F1', 'Email', 'Calendar')).to.equal('4');
      expect(await outcome('F1', 'Email', 'Email')).to.equal('4');
      expect(await outcome('F2', 'Contacts', 'SMS')).to.equal('4');
      expect(await outcome('F1', 'Email', 'SMS')).to.equal(undefined);
    });

    const preferenceOf = (tag: typeof AirSyncBase.BodyPreference, type: number) =>
      element(tag, element(AirSyncBase.Type, type));

    it('4 for two body preferences of one type', async () => {
      const twice = [1, 1].map((type) => preferenceOf(AirSyncBase.BodyPreference, type));
      const request = sync([collection('F1', 'k1', options(...twice))]);
      expect(status(await execute(Sync, request, new ScriptedSession()))).to.equal('4');
    });

    it('164 for a body part that is not to be HTML, from 14.1', async () => {
      const request = sync([collection('F1', 'k1', options(preferenceOf(AirSyncBase.BodyPartPreference, 1)))]);
      const outcome = (version: '14.0' | '14.1') =>
        execute(Sync, request, new ScriptedSession(), { version }).then(
          () => 'taken',
          (error: unknown) => (error as { code?: string }).code,
        );
      expect(await outcome('14.1')).to.equal('BODY_PART_PREFERENCE_TYPE_NOT_SUPPORTED');
      expect(await outcome('14.0')).to.equal('taken');
    });

    it('4 for Partial with nothing beside it', async () => {
      const request = sync([], element(AirSync.Partial));
      expect(topStatus(await execute(Sync, request, new ScriptedSession()))).to.equal('4');
    });

    it('4 (a malformed request) for elements in the wrong order', async () => {
      const wrong = element(AirSync.Collection, element(AirSync.CollectionId, 'F2'), element(AirSync.SyncKey, 'k1'));
      const error = await execute(Sync, sync([wrong]), new ScriptedSession()).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(MalformedRequest);
      expect(Sync.descriptor.status?.malformed).to.equal(4);
    });

    it('4 for Wait beside HeartbeatInterval', async () => {
      const request = sync([collection('F2', 'k1')], element(AirSync.Wait, 5), element(AirSync.HeartbeatInterval, 60));
      expect(topStatus(await execute(Sync, request, new ScriptedSession()))).to.equal('4');
    });

    it('12 for a folder that the device was never told of', async () => {
      const scripted = new ScriptedSession();
      expect(topStatus(await execute(Sync, sync([collection('F99', 'k1')]), scripted))).to.equal('12');
      expect(scripted.synced).to.have.length(0);
    });

    it('13 for an empty or partial request that leans on nothing', async () => {
      expect(topStatus(await execute(Sync, undefined, new ScriptedSession()))).to.equal('13');
      const partial = sync([], element(AirSync.Wait, 5), element(AirSync.Partial));
      expect(topStatus(await execute(Sync, partial, new ScriptedSession()))).to.equal('13');
    });

    it('14 with the nearest limit', async () => {
      for (const [asked, tag, limit] of [
        [30, AirSync.HeartbeatInterval, '60'],
        [9999, AirSync.HeartbeatInterval, '3540'],
        [60, AirSync.Wait, '59'],
        [0, AirSync.Wait, '1'],
      ] as const) {
        const answer = await execute(Sync, sync([collection('F2', 'k1')], element(tag, asked)), new ScriptedSession());
        expect([topStatus(answer), answer?.child(AirSync.Limit)?.text]).to.deep.equal(['14', limit]);
      }
    });

    it('15 with the limit for too many collections', async () => {
      const many = ['F1', 'F2', 'F3', 'F4'].map((id) => collection(id, 'k1'));
      const answer = await execute(Sync, sync(many), new ScriptedSession());
      expect([topStatus(answer), answer?.child(AirSync.Limit)?.text]).to.deep.equal(['15', '3']);
    });

    it('16 when another request is working on the collection', async () => {
      const scripted = new ScriptedSession();
      scripted.onSync = () => {
        throw new SyncError('COLLECTION_BUSY', 'busy');
      };
      expect(status(await execute(Sync, sync([collection('F2', 'k1')]), scripted))).to.equal('16');
    });
  });

  describe('options', () => {
    it('are kept until the device says others', async () => {
      const scripted = new ScriptedSession();
      const asked = options(element(AirSync.FilterType, 2), element(AirSync.Conflict, 0));
      await execute(Sync, sync([collection('F1', 'k1', asked)]), scripted);
      await execute(Sync, sync([collection('F1', 'k1')]), scripted);
      const since = Date.UTC(2026, 10, 22) - 3 * day;
      expect(scripted.synced.map(({ filter, conflict }) => ({ filter, conflict }))).to.deep.equal([
        { filter: { since }, conflict: 'client-wins' },
        { filter: { since }, conflict: 'client-wins' },
      ]);
    });

    it('begin anew with the first key, and are not kept when they are wrong', async () => {
      const scripted = new ScriptedSession();
      const asked = (key: string, filter: number) =>
        sync([collection('F1', key, options(element(AirSync.FilterType, filter)))]);
      await execute(Sync, asked('k1', 2), scripted);
      expect(status(await execute(Sync, asked('k1', 6), scripted))).to.equal('4');
      await execute(Sync, sync([collection('F1', 'k1')]), scripted);
      await execute(Sync, sync([collection('F1', '0')]), scripted);
      const since = Date.UTC(2026, 10, 22) - 3 * day;
      expect(scripted.synced.map(({ filter }) => filter)).to.deep.equal([{ since }, { since }, {}]);
    });

    it('want conversations as wholes until the device says otherwise, where there is a window of time', async () => {
      const scripted = new ScriptedSession();
      const mode = (value: number) => element(AirSync.ConversationMode, value);
      const filter = (type: number) => options(element(AirSync.FilterType, type));
      await execute(Sync, sync([collection('F1', 'k1', mode(1), filter(1))]), scripted);
      await execute(Sync, sync([collection('F1', 'k1')]), scripted);
      await execute(Sync, sync([collection('F1', 'k1', filter(0))]), scripted);
      await execute(Sync, sync([collection('F1', 'k1', mode(0), filter(1))]), scripted);
      const since = Date.UTC(2026, 10, 22) - day;
      const whole = { since, conversations: true };
      expect(scripted.synced.map(({ filter: asked }) => asked)).to.deep.equal([whole, whole, {}, { since }]);
    });

    it('want conversations of mails only: 4', async () => {
      const request = sync([collection('F2', 'k1', element(AirSync.ConversationMode, 1))]);
      expect(status(await execute(Sync, request, new ScriptedSession()))).to.equal('4');
    });

    it('read a WindowSize of 0 or above 512 as 512, and none as 100', async () => {
      const scripted = new ScriptedSession();
      for (const size of [0, 9999, 25]) {
        await execute(Sync, sync([collection('F1', 'k1', element(AirSync.WindowSize, size))]), scripted);
      }
      await execute(Sync, sync([collection('F1', 'k1')]), scripted);
      expect(scripted.synced.map(({ windowSize }) => windowSize)).to.deep.equal([512, 512, 25, 100]);
    });

    it('share a global window in request order and leave out what has no room', async () => {
      const scripted = new ScriptedSession();
      scripted.onSync = () => ({
        syncKey: 'k2',
        changes: [
          { kind: 'delete', serverId: 'x:1' },
          { kind: 'delete', serverId: 'x:2' },
        ],
      });
      const request = sync([collection('F1', 'a'), collection('F2', 'b')], element(AirSync.WindowSize, 2));
      const answer = await execute(Sync, request, scripted);
      expect(answer?.child(AirSync.Collections)?.children).to.have.length(1);
      expect(scripted.synced.map(({ windowSize }) => windowSize)).to.deep.equal([2]);
    });
  });

  describe('empty and partial requests', () => {
    it('repeat the last request with the keys that were answered', async () => {
      const scripted = new ScriptedSession();
      const command = new Sync(services());
      await execute(Sync, sync([collection('F1', 'a'), collection('F2', 'b')]), scripted, { command });
      await execute(Sync, undefined, scripted, { command });
      expect(scripted.synced.map(({ syncKey }) => syncKey)).to.deep.equal(['a', 'b', 'a', 'b']);
    });

    it('replace the collections that a partial request names', async () => {
      const scripted = new ScriptedSession();
      const command = new Sync(services());
      await execute(Sync, sync([collection('F1', 'a'), collection('F2', 'b')]), scripted, { command });
      const partial = sync([collection('F2', 'c')], element(AirSync.Partial));
      await execute(Sync, partial, scripted, { command });
      expect(scripted.synced.slice(2).map(({ syncKey }) => syncKey)).to.deep.equal(['a', 'c']);
    });

    it('survive a restart when the answer was empty', async () => {
      const scripted = new ScriptedSession();
      await execute(Sync, sync([collection('F1', 'a')]), scripted);
      await execute(Sync, undefined, scripted, { command: new Sync(services()) });
      expect(scripted.synced.map(({ syncKey }) => syncKey)).to.deep.equal(['a', 'a']);
    });
  });

  describe('waiting', () => {
    const waiting = sync([collection('F2', 'k1')], element(AirSync.HeartbeatInterval, 120));

    it('answers nothing when the time is over', async () => {
      const scripted = new ScriptedSession();
      expect(await execute(Sync, waiting, scripted)).to.equal(undefined);
      expect(scripted.waited.map(({ timeout }) => timeout)).to.deep.equal([120_000]);
    });

    it('brings what changed meanwhile', async () => {
      const scripted = new ScriptedSession();
      scripted.onWait = () => Promise.resolve({ reason: 'changes', collections: ['F2'], hierarchy: false });
      scripted.onSync = () =>
        scripted.waited.length === 0 ? {} : { syncKey: 'k2', changes: [{ kind: 'delete', serverId: 'F2:1' }] };
      const answer = first(await execute(Sync, waiting, scripted));
      expect(answer?.child(AirSync.SyncKey)?.text).to.equal('k2');
    });

    it('does not wait when there is something to tell', async () => {
      const scripted = new ScriptedSession();
      scripted.onSync = () => ({ syncKey: 'k2' });
      await execute(Sync, waiting, scripted);
      expect(scripted.waited).to.have.length(0);
    });

    // Z-Hub/Z-Push, sync.php: Android
    it('waits for folders when it has none', async () => {
      const scripted = new ScriptedSession();
      const request = sync([], element(AirSync.HeartbeatInterval, 120));
      expect(await execute(Sync, request, scripted)).to.equal(undefined);
      expect(scripted.waited.map(({ collections, hierarchy }) => ({ collections, hierarchy }))).to.deep.equal([
        { collections: [], hierarchy: true },
      ]);
    });

    it('answers 12 when folders changed', async () => {
      const scripted = new ScriptedSession();
      scripted.onWait = () => Promise.resolve({ reason: 'changes', collections: [], hierarchy: true });
      expect(topStatus(await execute(Sync, waiting, scripted))).to.equal('12');
    });

    it('answers 12 when a folder goes away meanwhile', async () => {
      const scripted = new ScriptedSession();
      scripted.onWait = () => Promise.reject(new GroupwareError('NOT_FOUND', 'gone'));
      expect(topStatus(await execute(Sync, waiting, scripted))).to.equal('12');
    });

    it('ends early, as if the time were over, when the bundle stops', async () => {
      const scripted = new ScriptedSession();
      const draining = new AbortController();
      scripted.onWait = ({ end }) =>
        new Promise((resolve) => {
          end?.addEventListener('abort', () => resolve({ reason: 'timeout', collections: [], hierarchy: false }));
          draining.abort();
        });
      const command = new Sync(services({}, draining.signal));
      expect(await execute(Sync, waiting, scripted, { command })).to.equal(undefined);
    });
  });

  it('fetches whole items', async () => {
    const scripted = new ScriptedSession();
    const item = { subject: 'Hello', read: true, bodies: [{ format: 'text', content: 'x'.repeat(5000) }] } as const;
    scripted.more = { fetch: () => Promise.resolve([{ serverId: 'F1:1', itemClass: 'Email', item }]) };
    const preference = element(
      AirSyncBase.BodyPreference,
      element(AirSyncBase.Type, 1),
      element(AirSyncBase.TruncationSize, 100),
    );
    const fetch = commands(element(AirSync.Fetch, element(AirSync.ServerId, 'F1:1')));
    const answer = first(await execute(Sync, sync([collection('F1', 'k1', options(preference), fetch)]), scripted));
    const fetched = answer?.child(AirSync.Responses)?.child(AirSync.Fetch)?.child(AirSync.ApplicationData);
    expect(fetched?.child(AirSyncBase.Body)?.child(AirSyncBase.Data)?.text).to.have.length(5000);
  });
});
