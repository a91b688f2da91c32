import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, type Element, element, FolderHierarchy, Provision } from '@oxtender/eas';
import { type Answer, Device, type DeviceProfile, profiles } from '@oxtender/eas-device';
import { expect } from 'chai';
import { DataFolder, HostProcess } from './support/host-process';

const alice = { user: 'alice@example.com', password: 'secret' };
const bob = { user: 'bob@example.com', password: 'secret' };

/** HTTP status, or the Status element of an answer with 200. */
function outcome({ status, element: root }: Answer): string {
  const own = root?.children.find(({ tag }) => tag.name === 'Status')?.text;
  return status === 200 && own !== undefined ? own : `HTTP ${status}`;
}

const childNames = (answer: Answer) => answer.element?.children.map(({ tag }) => tag.name);

describe('wipe and policy, from the operator to the device and back', function () {
  this.timeout(120_000);
  const data = new DataFolder();
  const cleanUp = new DisposableStore();
  let host: HostProcess;
  let policies = 0;

  before(async () => {
    cleanUp.add(data);
    host = await HostProcess.start(data.path);
    cleanUp.add(() => host[Symbol.asyncDispose]());
  });

  after(() => cleanUp.dispose());

  async function newDevice(profile: DeviceProfile, id: string, account = alice): Promise<Device> {
    const device = new Device({ url: host.url, ...account }, profile, id);
    cleanUp.add(device);
    await device.options();
    await device.provision();
    expect(outcome(await device.folderSync())).to.equal('1');
    return device;
  }

  /** Asks for what waits, and resolves when the host holds it. */
  async function held<T>(ask: () => Promise<T>): Promise<{ readonly answer: Promise<T> }> {
    const before = await host.metric('usm_waiting_devices');
    const answer = ask();
    await host.metricIs('usm_waiting_devices', (value) => value > before);
    return { answer };
  }

  /** Key 0 again, as after a reset. */
  async function folderSync(device: Device): Promise<string> {
    const body = element(FolderHierarchy.FolderSync, element(FolderHierarchy.SyncKey, '0'));
    return outcome(await device.send('FolderSync', body));
  }

  /**
   * Changes a setting of the policies. Settings that change in quick succession are taken over with a delay (rule C24), and
   * phones that ask meanwhile are asked to come again.
   */
  async function setPolicy(device: Device, key: string, value: string): Promise<void> {
    await host.cli('config', 'set', 'eas', `com.openexchange.usm.eas.policy.${key}=${value}`);
    while ((await device.options()).status === 503);
  }

  const report = (tag: Element['tag'], status: number) =>
    element(Provision.Provision, element(tag, element(Provision.Status, status)));

  async function devices(id: string): Promise<Record<string, unknown>> {
    return JSON.parse(await host.cli('devices', 'show', id, '--json')) as Record<string, unknown>;
  }

  for (const [name, profile, kind, refused, blocked] of [
    ['a 12.1 device', profiles.nokia, 'full', 'HTTP 449', 'HTTP 403'],
    ['a 14.1 device', profiles.samsung, 'full', '140', '129'],
    ['a 16.1 device', profiles.ios, 'full', '140', '129'],
    ['the account on a 16.1 device', profiles.android, 'account', '140', '129'],
  ] as const) {
    it(`wipes ${name}, which waits, fails once, confirms, and stays out until it is allowed`, async () => {
      const id = `WIPE${profile.deviceType}`;
      const device = await newDevice(profile, id);
      const contacts = device.folderOfType(9);
      await device.syncAll(contacts);
      const waiting = await held(() => device.ping([contacts], 3000));
      const tag = kind === 'account' ? Provision.AccountOnlyRemoteWipe : Provision.RemoteWipe;

      await host.cli('devices', 'wipe', id, ...(kind === 'account' ? ['--account'] : []));
      expect((await waiting.answer).status, 'the Ping ends').to.equal(7);
      expect(await folderSync(device)).to.equal(refused);
      const told = await device.send('Provision', element(Provision.Provision));
      expect(childNames(told)).to.deep.equal(['Status', tag.name]);
      expect(await devices(id)).to.include({ wipe: kind, wipeState: 'sent', access: 'allowed' });

      const again = await device.send('Provision', report(tag, 2));
      expect([outcome(again), childNames(again)]).to.deep.equal(['2', ['Status', tag.name]]);
      expect(await devices(id)).to.include({ wipeState: 'failed' });
      for (const attempt of ['first', 'repeated']) {
        expect(outcome(await device.send('Provision', report(tag, 1))), attempt).to.equal('1');
      }
      expect(await devices(id)).to.include({ wipeState: 'confirmed', access: 'blocked', accessReason: 'wiped' });
      expect(await host.cli('devices', 'list')).to.match(new RegExp(`${id}.*blocked.*confirmed`));
      expect(await folderSync(device)).to.equal(blocked);
      expect(outcome(await device.provision())).to.equal(blocked);

      await host.cli('devices', 'allow', id);
      expect(await folderSync(device)).to.be.oneOf(['142', 'HTTP 449']);
      expect(outcome(await device.provision())).to.equal('1');
      expect(await folderSync(device)).to.equal('1');
    });
  }

  /** A Sync that is held until something happens: a minute at least, in the words of its version. */
  async function hold(device: Device): Promise<Answer> {
    const contacts = device.folderOfType(9);
    const interval = device.version < 14 ? element(AirSync.Wait, 50) : element(AirSync.HeartbeatInterval, 3000);
    const collection = device.collectionElement(device.collection(contacts));
    return device.send('Sync', device.syncRequest([collection], interval));
  }

  for (const [profile, wipeTold, policyTold] of [
    [profiles.nokia, 'HTTP 449', 'HTTP 449'],
    [profiles.samsung, '140', '143'],
    [profiles.ios, '140', '143'],
  ] as const) {
    for (const [what, wait] of [
      ['Ping', (device: Device) => device.ping([device.folderOfType(9)], 3000)],
      ['Sync', hold],
    ] as const) {
      it(`ends the ${what} that a ${profile.version} device waits in when a wipe is ordered, or its policy changes`, async () => {
        const id = `HELD${what}${profile.deviceType}`;
        const device = await newDevice(profile, id);
        await device.syncAll(device.folderOfType(9));

        const untilPolicy = await held<unknown>(() => wait(device));
        const length = `MinDevicePasswordLength=${5 + (policies += 1)}`;
        await setPolicy(device, 'settings', length);
        await untilPolicy.answer;
        expect(await folderSync(device)).to.equal(policyTold);
        expect(outcome(await device.provision())).to.equal('1');

        const untilWipe = await held<unknown>(() => wait(device));
        await host.cli('devices', 'wipe', id);
        await untilWipe.answer;
        expect(await folderSync(device)).to.equal(wipeTold);
      });
    }
  }

  it('tells a device that was blocked before that it is to be wiped', async () => {
    const device = await newDevice(profiles.ios, 'BLOCKEDANDWIPED');
    await host.cli('devices', 'block', 'BLOCKEDANDWIPED', '--reason', 'stolen');
    expect(await folderSync(device)).to.equal('129');
    await host.cli('devices', 'wipe', 'BLOCKEDANDWIPED');
    expect(await folderSync(device)).to.equal('140');
    await host.cli('devices', 'wipe', 'BLOCKEDANDWIPED', '--cancel');
    expect(await folderSync(device)).to.equal('129');
  });

  it('never makes an account-only wipe a full one', async () => {
    const device = await newDevice(profiles.samsung, 'OLDACCOUNT');
    await host.cli('devices', 'wipe', 'OLDACCOUNT', '--account');
    expect(await folderSync(device)).to.equal('129');
    expect(outcome(await device.send('Provision', element(Provision.Provision)))).to.equal('129');
    expect(await devices('OLDACCOUNT')).to.include({ wipeState: 'requested' });
  });

  it('has devices apply a changed policy, for each group of users its own, and none for some', async () => {
    const old = await newDevice(profiles.nokia, 'POLICY121');
    const young = await newDevice(profiles.ios, 'POLICY161');
    const others = await newDevice(profiles.ios, 'POLICYBOB', bob);
    const set = (key: string, value: string) => setPolicy(young, key, value);

    await set('settings', 'DevicePasswordEnabled=1, MinDevicePasswordLength=6');
    expect(await folderSync(old)).to.equal('HTTP 449');
    expect(await folderSync(young)).to.equal('143');
    await set('users', 'bob@*:none, alice@*:MinDevicePasswordLength=8');
    expect(await folderSync(others)).to.equal('1');
    expect(await policyOf(young)).to.include({ DevicePasswordEnabled: '1', MinDevicePasswordLength: '8' });
    expect(outcome(await young.provision())).to.equal('1');
    expect(await folderSync(young)).to.equal('1');
    expect(await policyStatusOf(others)).to.equal('2');

    await set('settings', 'MinDevicePasswordLength=99');
    expect(await host.cli('health')).to.match(/WARN\s+eas\.policy.*MinDevicePasswordLength=99: it may be 1 to 16/);
    await set('required', 'false');
    await set('users', '');
    young.connection.policyKey = '0';
    expect(await folderSync(young)).to.equal('1');
  });

  async function askPolicy(device: Device): Promise<Element | undefined> {
    const type = element(Provision.PolicyType, 'MS-EAS-Provisioning-WBXML');
    const body = element(Provision.Provision, element(Provision.Policies, element(Provision.Policy, type)));
    const answer = await device.send('Provision', body);
    return answer.element?.child(Provision.Policies)?.child(Provision.Policy);
  }

  async function policyOf(device: Device): Promise<Record<string, string>> {
    const document = (await askPolicy(device))?.child(Provision.Data)?.child(Provision.EASProvisionDoc);
    return Object.fromEntries(document?.children.map(({ tag, text }) => [tag.name, text]) ?? []);
  }

  async function policyStatusOf(device: Device): Promise<string | undefined> {
    return (await askPolicy(device))?.child(Provision.Status)?.text;
  }
});
