import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, Contacts, type Element, element, FolderHierarchy, ItemOperations, Settings } from '@oxtender/eas';
import { Device, type DeviceProfile, profiles } from '@oxtender/eas-device';
import { expect } from 'chai';
import { DataFolder, HostProcess } from './support/host-process';
import { alice, outcome, setUpPhone } from './support/phone';

const bob = { user: 'bob@example.com', password: 'secret' };
const allowed = 'com.openexchange.usm.eas.devices.allowed';

describe('what devices and users must not be able to do', function () {
  this.timeout(120_000);
  const cleanUp = new DisposableStore();
  const data = new DataFolder();
  let host: HostProcess;

  before(async () => {
    cleanUp.add(data);
    host = await HostProcess.start(data.path);
    cleanUp.add(() => host[Symbol.asyncDispose]());
  });
  after(() => cleanUp.dispose());

  async function phoneOf(account: typeof alice, id: string, profile: DeviceProfile = profiles.ios): Promise<Device> {
    const device = cleanUp.add(new Device({ url: host.url, ...account }, profile, id));
    await device.options();
    await device.provision();
    await device.folderSync();
    return device;
  }

  it('read items of another user by their ids and keys', async () => {
    const phone = cleanUp.add(await setUpPhone(host, 'SAMEID'));
    const contacts = phone.folderOfType(9);
    await phone.syncAll(contacts);
    const name = 'OnlyForAlice';
    const added = await phone.sync(contacts, {
      changes: [{ kind: 'add', clientId: 'c1', data: [element(Contacts.LastName, name)] }],
    });
    const id = added.responses[0]!.child(AirSync.ServerId)!.text;
    const key = phone.collection(contacts).syncKey;

    const other = await phoneOf(bob, 'SAMEID');
    const fetch = (collection: string): Element =>
      element(
        ItemOperations.ItemOperations,
        element(
          ItemOperations.Fetch,
          element(ItemOperations.Store, 'Mailbox'),
          element(AirSync.CollectionId, collection),
          element(AirSync.ServerId, id),
        ),
      );
    for (const collection of [contacts.serverId, other.folderOfType(9).serverId]) {
      const { body, status } = await other.send('ItemOperations', fetch(collection));
      expect(status).to.equal(200);
      expect(body.includes(name)).to.equal(false);
    }
    other.collection(other.folderOfType(9)).syncKey = key;
    const round = await other.sync(other.folderOfType(9));
    expect(round.status).to.equal(3);
    expect((await phone.sync(contacts)).status).to.equal(1);
  });

  it('synchronise with a kind of device that the operator does not allow; a lost one is still wiped', async () => {
    const phone = await phoneOf(alice, 'ALLOWEDKIND');
    const old = await phoneOf(alice, 'OLDKIND', profiles.nokia);
    const ask = async (device: Device): Promise<string> =>
      outcome(
        await device.send('FolderSync', element(FolderHierarchy.FolderSync, element(FolderHierarchy.SyncKey, '0'))),
      );
    expect([await ask(phone), await ask(old)]).to.deep.equal(['1', '1']);
    await host.cli('config', 'set', 'eas', `${allowed}=Android*`);
    expect([await ask(phone), await ask(old)]).to.deep.equal(['129', 'HTTP 403']);
    await host.logged((line) => line.includes('devices.allowed names no iPhone'));
    await host.cli('devices', 'wipe', 'ALLOWEDKIND');
    expect(await ask(phone)).to.equal('140');
    await host.cli('devices', 'wipe', 'ALLOWEDKIND', '--cancel');
    await host.cli('config', 'set', 'eas', `${allowed}=iPhone*>=14.1, ${old.profile.deviceType}*>=14.0`);
    expect([await ask(phone), await ask(old)]).to.deep.equal(['1', 'HTTP 403']);
    await host.cli('config', 'set', 'eas', `${allowed}=`);
    expect([await ask(phone), await ask(old)]).to.deep.equal(['1', '1']);
  });

  it('synchronise before an operator has looked at a new device, where that is wanted', async () => {
    await host.cli('config', 'set', 'usm', 'devices.new=quarantined');
    const device = cleanUp.add(new Device({ url: host.url, ...alice }, profiles.ios, 'NEWCOMER'));
    await device.options();
    expect(outcome(await device.folderSync())).to.equal('129');
    await host.cli('devices', 'allow', 'NEWCOMER');
    await device.provision();
    expect(outcome(await device.folderSync())).to.equal('1');
    await host.cli('config', 'set', 'usm', 'devices.new=allowed');
  });

  it('drive the terminal of an operator by what a device is called, nor write lines into the log', async () => {
    const evil = 'Phone\x1b]0;owned\x07\u009b2J\n2026-01-01T00:00:00.000Z error host forged line';
    const phone = await phoneOf(alice, 'EVILNAME');
    const set = element(Settings.Set, element(Settings.Model, evil), element(Settings.FriendlyName, evil));
    const told = await phone.send('Settings', element(Settings.Settings, element(Settings.DeviceInformation, set)));
    expect(outcome(told)).to.equal('1');
    const nameless = cleanUp.add(new Device({ url: host.url, ...alice }, profiles.ios, evil));
    expect(outcome(await nameless.folderSync())).to.equal('108');
    const shown = [
      await host.cli('devices', 'list'),
      await host.cli('devices', 'show', 'EVILNAME'),
      await host.cli('log', 'get', '--lines', '2000'),
    ];
    expect(shown[1]).to.include('Phone');
    for (const text of [...shown, await host.cli('devices', 'list', '--json')]) {
      // eslint-disable-next-line no-control-regex -- what is looked for
      expect(text).to.not.match(/[\x1b\x07\u009b]/);
      expect(text).to.not.match(/^2026-01-01T00:00:00.000Z error host forged line/m);
    }
    for (const line of host.log) expect(line).to.not.match(/^2026-01-01/);
  });

  it('have the server read files by entities of an XML document', async () => {
    const evil = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Autodiscover><Request>
<EMailAddress>&x;</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006</AcceptableResponseSchema></Request></Autodiscover>`;
    const ask = async (body: string): Promise<string> => {
      const answer = await fetch(`${host.url}/autodiscover/autodiscover.xml`, {
        method: 'POST',
        headers: { Authorization: `Basic ${Buffer.from(`${alice.user}:${alice.password}`).toString('base64')}` },
        body,
      });
      return answer.text();
    };
    const good = evil.replace(/<!DOCTYPE[^]*?\]>/, '').replace('&x;', alice.user);
    expect(await ask(good)).to.include('/Microsoft-Server-ActiveSync</Url>');
    // A document type alone is too much: there is nothing that it is good for.
    for (const document of [evil, good.replace('?><', '?><!DOCTYPE Autodiscover><')]) {
      const text = await ask(document);
      expect(text).to.include('<ErrorCode>600</ErrorCode>');
      expect(text).not.to.include('root:');
    }
  });
});
