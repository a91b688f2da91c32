import { DisposableStore } from '@oxtender/bundle-api';
import { element, FolderHierarchy } from '@oxtender/eas';
import { type Device, type DeviceProfile, profiles } from '@oxtender/eas-device';
import { expect } from 'chai';
import { DataFolder, HostProcess } from './support/host-process';
import { outcome, setUpPhone } from './support/phone';

/** What devices of an old and a new version are told when they may not synchronise. */
const kinds: readonly (readonly [DeviceProfile, refused: string])[] = [
  [profiles.nokia, 'HTTP 403'],
  [profiles.ios, '129'],
];

describe('oxtender devices, and what the phones notice', function () {
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

  async function phoneOf(profile: DeviceProfile, id: string): Promise<Device> {
    const phone = cleanUp.add(await setUpPhone(host, id, profile));
    await phone.syncAll(phone.folderOfType(9));
    return phone;
  }

  const folderSync = async (phone: Device, key = '0'): Promise<string> =>
    outcome(await phone.send('FolderSync', element(FolderHierarchy.FolderSync, element(FolderHierarchy.SyncKey, key))));

  for (const [profile, refused] of kinds) {
    const id = `DEVICE${profile.version.replace('.', '')}`;

    describe(`a ${profile.version} phone`, () => {
      let phone: Device;

      before(async () => {
        phone = await phoneOf(profile, id);
      });

      it('is listed and shown with its folders', async () => {
        expect(await host.cli('devices', 'list')).to.match(new RegExp(`alice@example\\.com.*${id}.*allowed`));
        const shown = JSON.parse(await host.cli('devices', 'show', id, '--json')) as Record<string, unknown>;
        expect(shown).to.include({
          deviceId: id,
          type: profile.deviceType,
          access: 'allowed',
          login: 'alice@example.com',
        });
        const folders = await host.cli('devices', 'folders', id);
        expect(folders).to.include(phone.folderOfType(9).serverId);
      });

      for (const [verb, state] of [
        ['block', 'blocked'],
        ['quarantine', 'quarantined'],
      ] as const)
        it(`is kept out by ${verb} at once, while it waits, until it is allowed`, async () => {
          const waiting = await host.metric('usm_waiting_devices');
          const ping = phone.ping([phone.folderOfType(9)], 900);
          await host.metricIs('usm_waiting_devices', (value) => value > waiting);
          await host.cli('devices', verb, id, '--reason', 'left in a train');
          expect((await ping).status).to.equal(7);
          expect(await folderSync(phone)).to.equal(refused);
          const shown = JSON.parse(await host.cli('devices', 'show', id, '--json')) as Record<string, unknown>;
          expect(shown).to.include({ access: state, accessReason: 'left in a train' });
          await host.cli('devices', 'allow', id);
          expect(await folderSync(phone)).to.equal('1');
          expect((await phone.sync(phone.folderOfType(9))).status).to.equal(1);
        });

      it('begins anew with one folder, and gets each item once', async () => {
        const contacts = phone.folderOfType(9);
        const before = phone.collection(contacts).items.size;
        await host.cli('devices', 'resync', id, contacts.serverId);
        expect((await phone.sync(contacts)).status).to.equal(3);
        phone.collection(contacts).syncKey = '0';
        phone.collection(contacts).items.clear();
        const rounds = await phone.syncAll(contacts);
        const added = rounds.flatMap((round) => round.added);
        expect([added.length, new Set(added).size]).to.deep.equal([before, before]);
      });

      it('begins anew with all of it', async () => {
        await host.cli('devices', 'resync', id);
        expect(outcome(await phone.folderSync())).to.be.oneOf(['9', 'HTTP 449', '142']);
      });

      it('is new when it was deleted', async () => {
        const dry = await host.cli('devices', 'delete', id, '--dry-run');
        expect(dry).to.include(id);
        expect(await host.cli('devices', 'list')).to.include(id);
        await host.cli('devices', 'delete', id);
        expect(await host.cli('devices', 'list')).to.not.include(id);
        // Not known any more: it has no policy, and its keys are nobody's.
        expect(await folderSync(phone)).to.be.oneOf(['142', 'HTTP 449']);
        const again = await phoneOf(profile, id);
        expect(again.collection(again.folderOfType(9)).items.size).to.be.greaterThan(10);
      });
    });
  }

  it('says that it knows no device of an id', async () => {
    const { status, text } = await host.cliOutcome('devices', 'block', 'NOBODYS');
    expect(status).to.equal(1);
    expect(text).to.include('no device NOBODYS is known');
  });

  // Afterwards: what stands directly in a suite comes before the suites in it.
  describe('afterwards', () => {
    it('the audit trail says who did what', async () => {
      const history = await host.cli('history');
      for (const verb of ['block', 'quarantine', 'allow', 'resync', 'delete'])
        expect(history).to.match(new RegExp(`devices ${verb} DEVICE161`));
    });
  });
});
