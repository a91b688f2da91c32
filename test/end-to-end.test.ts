import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, AirSyncBase, Calendar, Contacts, Email, Provision, Tasks, element } from '@oxtender/eas';
import { Device, type DeviceFolder, profiles } from '@oxtender/eas-device';
import { expect } from 'chai';
import { join } from 'node:path';
import { DataFolder, HostProcess, root } from './support/host-process';
import { OxClient } from './support/ox-client';

const alice = { user: 'alice@example.com', password: 'secret' };
const file = (name: string) => join(root, 'test', 'data', name);

/** The four classes, by the type of their default folder. */
const defaultFolders = { mail: 2, tasks: 7, calendar: 8, contacts: 9 } as const;

for (const [name, profile] of Object.entries({
  'an iPhone (16.1)': profiles.ios,
  'a Samsung phone (14.1)': profiles.samsung,
  'a Nokia phone (12.1)': profiles.nokia,
  'an Android phone (16.1, base64 query)': profiles.android,
})) {
  describe(`the main job with ${name}`, function () {
    this.timeout(120_000);
    const data = new DataFolder();
    let host: HostProcess;
    let device: Device;
    const cleanUp = new DisposableStore();
    const folder = (kind: keyof typeof defaultFolders): DeviceFolder => device.folderOfType(defaultFolders[kind]);
    const items = (kind: keyof typeof defaultFolders) => device.collection(folder(kind)).items;
    const subjects = (kind: keyof typeof defaultFolders, tag: typeof Email.Subject) =>
      [...items(kind).values()].map((item) => item.child(tag)?.text);

    before(async () => {
      cleanUp.add(data);
      host = await HostProcess.start(data.path);
      cleanUp.add(() => host[Symbol.asyncDispose]());
      const files = ['people.vcf', 'calendar.ics', 'greetings.eml', 'archive.mbox'].map(file);
      await host.cli('sandbox:import', '--user', alice.user, ...files);
      device = new Device({ url: host.url, ...alice }, profile, `E2E${profile.deviceType}`);
      cleanUp.add(device);
    });

    after(() => cleanUp.dispose());

    it('offers versions and commands', async () => {
      const answer = await device.options();
      expect(answer.status).to.equal(200);
      expect(String(answer.headers['ms-asprotocolversions']).split(',')).to.include.members(['12.1', '14.1', '16.1']);
      expect(String(answer.headers['ms-asprotocolcommands']).split(',')).to.include.members([
        'Sync',
        'Ping',
        'FolderSync',
      ]);
      expect(device.connection.version).to.equal(profile.version);
    });

    it('wants the device to be provisioned first', async () => {
      const answer = await device.folderSync();
      if (device.version >= 14) expect(answer.element?.children[0]?.text).to.be.oneOf(['141', '142']);
      else expect(answer.status).to.equal(449);
    });

    it('hands out a policy in two phases', async () => {
      const answer = await device.provision();
      expect(answer.element?.child(Provision.Status)?.text).to.equal('1');
      expect(device.connection.policyKey).to.match(/^[1-9]\d*$/);
    });

    it('lists the folders with the default ones', async () => {
      await device.folderSync();
      const types = [...device.folders.values()].map(({ type }) => type);
      expect(types).to.include.members([2, 3, 4, 5, 7, 8, 9]);
    });

    it('brings all four classes in windows, without a doubled item', async () => {
      for (const kind of Object.keys(defaultFolders) as (keyof typeof defaultFolders)[]) {
        const rounds = await device.syncAll(folder(kind), { windowSize: 7 });
        expect(rounds.map(({ status }) => status)).to.deep.equal(rounds.map(() => 1));
        const added = rounds.flatMap((round) => round.added);
        expect(new Set(added).size, kind).to.equal(added.length);
        expect(Math.max(...rounds.map((round) => round.added.length)), kind).to.be.at.most(7);
        const { estimate } = await device.estimate(folder(kind));
        expect(estimate, kind).to.equal(0);
      }
      expect(items('mail').size).to.be.greaterThan(10);
      expect(items('contacts').size).to.be.greaterThan(10);
      expect(items('calendar').size).to.be.greaterThan(10);
      expect(items('tasks').size).to.be.greaterThan(3);
    });

    it('shows what the files held', () => {
      const byLastName = (text: string) =>
        [...items('contacts').values()].find((c) => c.child(Contacts.LastName)?.text === text);
      const contact = byLastName('Groß');
      expect(contact?.child(Contacts.CompanyName)?.text).to.equal('Käserei Groß & Söhne');
      expect(contact?.child(Contacts.Birthday)?.text).to.match(/^1971-03-29T/);
      expect(contact?.child(AirSyncBase.Body)?.child(AirSyncBase.Data)?.text).to.equal('Mag keinen Emmentaler 🧀');

      const mail = [...items('mail').values()].find((m) => m.child(Email.Subject)?.text === 'Grüße aus München 🍺');
      expect(mail?.child(AirSyncBase.Body)?.child(AirSyncBase.Data)?.text).to.include('schöne Grüße');
      expect(mail?.child(AirSyncBase.Attachments)?.children).to.have.length(1);
      expect(subjects('mail', Email.Subject)).to.include.members(['Backup finished', 'Digest 47']);

      const series = [...items('calendar').values()].find(
        (e) => e.child(Calendar.Subject)?.text === 'Wochenbesprechung',
      );
      expect(series?.child(Calendar.Recurrence)?.child(Calendar.Occurrences)?.text).to.equal('20');
      expect(series?.child(Calendar.Exceptions)?.children).to.have.length(2);
      expect(subjects('tasks', Tasks.Subject)).to.include('Steuererklärung');
    });

    it('answers an empty body when nothing changed', async () => {
      const request = device.syncRequest([device.collectionElement(device.collection(folder('contacts')))]);
      const answer = await device.send('Sync', request);
      expect({ status: answer.status, length: answer.body.length }).to.deep.equal({ status: 200, length: 0 });
    });

    it('takes what the device adds, changes and deletes', async () => {
      const round = await device.sync(folder('contacts'), {
        changes: [
          {
            kind: 'add',
            clientId: 'new-1',
            data: [element(Contacts.FirstName, 'Neue'), element(Contacts.LastName, 'Person')],
          },
        ],
      });
      const response = round.responses[0];
      expect(response?.child(AirSync.Status)?.text).to.equal('1');
      const serverId = response?.child(AirSync.ServerId)?.text ?? '';
      expect(round.added).to.not.include(serverId);

      const ox = await OxClient.login(host.url, alice.user);
      const contacts = await ox.folder('contacts');
      const rows = async () =>
        (await ox.call('contacts', 'all', { folder: contacts, columns: '1,501,502' })).data as string[][];
      expect((await rows()).some((row) => row[1] === 'Neue' && row[2] === 'Person')).to.equal(true);

      await device.sync(folder('contacts'), {
        changes: [
          {
            kind: 'change',
            serverId,
            data: [element(Contacts.FirstName, 'Alte'), element(Contacts.LastName, 'Person')],
          },
        ],
      });
      expect((await rows()).some((row) => row[1] === 'Alte' && row[2] === 'Person')).to.equal(true);

      await device.sync(folder('contacts'), { changes: [{ kind: 'delete', serverId }] });
      expect((await rows()).some((row) => row[2] === 'Person')).to.equal(false);
    });

    it('marks mails as read and flags them', async () => {
      const unread = [...items('mail')].find(([, item]) => item.child(Email.Read)?.text === '0');
      expect(unread).to.not.equal(undefined);
      const serverId = unread?.[0] ?? '';
      const flag = element(Email.Flag, element(Email.Status, 2), element(Email.FlagType, 'for Follow Up'));
      const data = [element(Email.Read, '1'), flag];
      const round = await device.sync(folder('mail'), { changes: [{ kind: 'change', serverId, data }] });
      expect(round.responses).to.deep.equal([]);
      const other = new Device({ url: host.url, ...alice }, profile, 'E2EOTHER');
      await other.options();
      await other.provision();
      await other.folderSync();
      await other.syncAll(other.folderOfType(2));
      const subject = unread?.[1].child(Email.Subject)?.text;
      const seen = [...other.collection(other.folderOfType(2)).items.values()].find(
        (m) => m.child(Email.Subject)?.text === subject,
      );
      expect(seen?.child(Email.Read)?.text).to.equal('1');
      expect(seen?.child(Email.Flag)?.child(Email.Status)?.text).to.equal('2');
      await other[Symbol.asyncDispose]();
    });

    it('wakes a waiting device when the groupware changes, and brings the change', async () => {
      const waiting = device.ping([folder('contacts')], 60);
      const ox = await OxClient.login(host.url, alice.user);
      const contacts = await ox.folder('contacts');
      await ox.call('contacts', 'new', {}, { folder_id: contacts, display_name: 'Aus dem Netz', last_name: 'Netz' });
      expect(await waiting).to.deep.equal({ status: 2, changed: [folder('contacts').serverId] });
      const round = await device.sync(folder('contacts'));
      expect(round.added).to.have.length(1);
      expect(
        items('contacts')
          .get(round.added[0] ?? '')
          ?.child(Contacts.LastName)?.text,
      ).to.equal('Netz');
    });

    it('goes on after a restart with the key that it had, and sends nothing twice', async () => {
      const url = host.url;
      expect(await host.stop()).to.equal(0);
      host = await HostProcess.start(data.path);
      const port = device.connection;
      const again = new Device({ url: host.url, ...alice }, profile, port.deviceId);
      again.connection.policyKey = port.policyKey;
      again.connection.version = port.version;
      for (const kind of Object.keys(defaultFolders) as (keyof typeof defaultFolders)[]) {
        const known = device.collection(folder(kind));
        const collection = again.collection(known.folder);
        collection.syncKey = known.syncKey;
        const round = await again.sync(known.folder);
        expect({ ...round, responses: round.responses.length }, `${kind} after ${url}`).to.deep.equal({
          http: 200,
          status: 1,
          added: [],
          changed: [],
          deleted: [],
          softDeleted: [],
          responses: 0,
          moreAvailable: false,
        });
      }
      await again[Symbol.asyncDispose]();
    });
  });
}
