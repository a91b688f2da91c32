import { expect } from 'chai';
import { Provision as ProvisionCommand } from '../../src/commands/provision';
import { ProvisioningGate, WipeGate } from '../../src/device/gates';
import { policyFaults, policyFor } from '../../src/device/policy';
import type { CommandCall } from '../../src/protocol/command';
import { type Element, Provision, Settings, element } from '../../src/wbxml';
import { ScriptedSession, config, execute, services } from './scripted-call';

const type = element(Provision.PolicyType, 'MS-EAS-Provisioning-WBXML');
const information = element(Settings.DeviceInformation, element(Settings.Set, element(Settings.Model, 'Phone')));

const ask = (...before: Element[]) =>
  element(Provision.Provision, ...before, element(Provision.Policies, element(Provision.Policy, type)));

const acknowledge = (key: string, status = '1') =>
  element(
    Provision.Provision,
    element(
      Provision.Policies,
      element(Provision.Policy, type, element(Provision.PolicyKey, key), element(Provision.Status, status)),
    ),
  );

const policyOf = (answer: Element | undefined) => answer?.child(Provision.Policies)?.child(Provision.Policy);
const keyOf = (answer: Element | undefined) => policyOf(answer)?.child(Provision.PolicyKey)?.text ?? '';
const statusOf = (answer: Element | undefined) => answer?.child(Provision.Status)?.text;

/** What the gate says to a FolderSync with a policy key. */
function gate(scripted: ScriptedSession, key: number | undefined, changed = {}): string {
  const { session } = scripted;
  const call = { command: 'FolderSync', version: '16.1', session, policyKey: key } as unknown as CommandCall;
  try {
    new WipeGate().check(call);
    new ProvisioningGate({ ...config, ...changed }).check(call);
    return 'passes';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('Provision', () => {
  it('hands out the policy with a temporary key, then the final one', async () => {
    const scripted = new ScriptedSession();
    const command = new ProvisionCommand(services());
    expect(gate(scripted, undefined)).to.equal('DEVICE_NOT_PROVISIONED');
    const first = await execute(ProvisionCommand, ask(information), scripted, { command });
    const document = policyOf(first)?.child(Provision.Data)?.child(Provision.EASProvisionDoc);
    expect(document?.child(Provision.MinDevicePasswordLength)?.text).to.equal('6');
    expect(gate(scripted, Number(keyOf(first)))).to.equal('DEVICE_NOT_PROVISIONED');
    const second = await execute(ProvisionCommand, acknowledge(keyOf(first)), scripted, { command });
    expect(keyOf(second)).to.not.equal(keyOf(first));
    expect(gate(scripted, Number(keyOf(second)))).to.equal('passes');
    expect(gate(scripted, 1)).to.equal('INVALID_POLICY_KEY');
    expect(gate(scripted, 0)).to.equal('DEVICE_NOT_PROVISIONED');
  });

  it('lets an acknowledgement be repeated when its answer was lost', async () => {
    const scripted = new ScriptedSession();
    const first = await execute(ProvisionCommand, ask(information), scripted);
    await execute(ProvisionCommand, acknowledge(keyOf(first)), scripted);
    const again = await execute(ProvisionCommand, acknowledge(keyOf(first)), scripted);
    expect(gate(scripted, Number(keyOf(again)))).to.equal('passes');
  });

  it('refuses to acknowledge another key', async () => {
    const scripted = new ScriptedSession();
    await execute(ProvisionCommand, ask(information), scripted);
    const answer = await execute(ProvisionCommand, acknowledge('17'), scripted);
    expect([statusOf(answer), policyOf(answer)?.child(Provision.Status)?.text]).to.deep.equal(['1', '5']);
  });

  it('asks for a new acknowledgement when the policy changed', async () => {
    const scripted = new ScriptedSession();
    const first = await execute(ProvisionCommand, ask(information), scripted);
    const second = await execute(ProvisionCommand, acknowledge(keyOf(first)), scripted);
    const changed = { 'com.openexchange.usm.eas.policy.settings': ['AllowCamera=0'] };
    expect(gate(scripted, Number(keyOf(second)), changed)).to.equal('POLICY_REFRESH');
  });

  it('has the device come again when the policy changed between the two phases', async () => {
    const scripted = new ScriptedSession();
    const first = await execute(ProvisionCommand, ask(information), scripted);
    const changed = { 'com.openexchange.usm.eas.policy.settings': ['AllowCamera=0'] };
    const command = new ProvisionCommand({ ...services(), config: { ...config, ...changed } });
    const second = await execute(ProvisionCommand, acknowledge(keyOf(first)), scripted, { command });
    expect(gate(scripted, Number(keyOf(second)), changed)).to.equal('POLICY_REFRESH');
  });

  it('has a policy for each group of users, none for those who are to have none, and none for a kind of device', () => {
    const groups = {
      ...config,
      'com.openexchange.usm.eas.policy.users': ['*@sales.example:AllowCamera=0', 'boss@*:none', 'guest*:AllowWiFi=0'],
      'com.openexchange.usm.eas.policy.exempt_devices': ['WindowsOutlook*'],
    };
    const settingsOf = (login: string, deviceType = 'iPhone', required = true) => {
      const policy = policyFor(
        { login, deviceType },
        { ...groups, 'com.openexchange.usm.eas.policy.required': required },
      );
      return policy && Object.fromEntries(policy.settings);
    };
    expect(settingsOf('anna@sales.example')).to.deep.equal({ MinDevicePasswordLength: '6', AllowCamera: '0' });
    expect(settingsOf('Boss@sales.example')).to.equal(undefined);
    expect(settingsOf('anna@sales.example', 'WindowsOutlook15')).to.equal(undefined);
    expect(settingsOf('anna@example.com', 'iPhone', false)).to.equal(undefined);
    expect(settingsOf('guest7', 'iPhone', false)).to.deep.equal({ MinDevicePasswordLength: '6', AllowWiFi: '0' });
  });

  it('names settings that are wrong, and leaves them out', () => {
    const wrong = {
      ...config,
      'com.openexchange.usm.eas.policy.settings': ['MinDevicePasswordLength=17', 'AllowCamara=0', 'AllowCamera=0'],
      'com.openexchange.usm.eas.policy.users': ['*:AllowBluetooth=3', 'x*:none'],
    };
    expect(policyFaults(wrong)).to.deep.equal([
      'MinDevicePasswordLength=17: it may be 1 to 16, or empty',
      'AllowCamara is no setting',
      'AllowBluetooth=3: it may be 0, 1, 2',
    ]);
    const policy = policyFor({ login: 'anna', deviceType: 'iPhone' }, wrong);
    expect(policy && Object.fromEntries(policy.settings)).to.deep.equal({ AllowCamera: '0' });
  });

  it('sends lists of applications after the other settings', () => {
    const lists = ['ApprovedApplicationList=0102;0304', 'UnapprovedInROMApplicationList=Mail app'];
    const policy = policyFor(
      { login: 'anna', deviceType: 'iPhone' },
      { ...config, 'com.openexchange.usm.eas.policy.settings': lists },
    );
    const written = policy?.document('16.1').children.slice(-2) ?? [];
    const shown = written.map(({ tag, children }) => [
      tag.name,
      ...children.map((child) => `${child.tag.name} ${child.text}`),
    ]);
    expect(shown).to.deep.equal([
      ['UnapprovedInROMApplicationList', 'ApplicationName Mail app'],
      ['ApprovedApplicationList', 'Hash 0102', 'Hash 0304'],
    ]);
    expect(policy?.document('12.0').children.at(-1)?.tag.name).to.equal('DevicePasswordHistory');
  });

  it('offers nothing, and lets everybody in, when no policy is wanted', () => {
    expect(gate(new ScriptedSession(), undefined, { 'com.openexchange.usm.eas.policy.required': false })).to.equal(
      'passes',
    );
  });

  it('answers 165 when a 14.1 device does not tell of itself, 139 and 145 when it cannot comply', async () => {
    const scripted = new ScriptedSession();
    expect(statusOf(await execute(ProvisionCommand, ask(), scripted))).to.equal('165');
    const first = await execute(ProvisionCommand, ask(information), scripted);
    expect(statusOf(await execute(ProvisionCommand, acknowledge(keyOf(first), '3'), scripted))).to.equal('139');
    expect(statusOf(await execute(ProvisionCommand, acknowledge(keyOf(first), '4'), scripted))).to.equal('145');
  });

  it('answers policy status 3 for an unknown policy type', async () => {
    const wap = element(Provision.PolicyType, 'MS-WAP-Provisioning-XML');
    const request = element(Provision.Provision, element(Provision.Policies, element(Provision.Policy, wap)));
    const answer = await execute(ProvisionCommand, request, new ScriptedSession());
    expect(policyOf(answer)?.child(Provision.Status)?.text).to.equal('3');
  });

  it('orders a wipe, and records what the device says', async () => {
    const told: string[] = [];
    const command = new ProvisionCommand(
      services({
        recordWipe: (_, state) => {
          told.push(state);
          return Promise.resolve();
        },
      }),
    );
    const scripted = new ScriptedSession();
    scripted.device = {
      ...scripted.device,
      wipe: { kind: 'account', state: 'requested', requestedAt: 0, changedAt: 0 },
    };
    expect(gate(scripted, 4711)).to.equal('REMOTE_WIPE_REQUESTED');
    const ordered = await execute(ProvisionCommand, element(Provision.Provision), scripted, { command });
    expect(ordered?.children.map(({ tag }) => tag.name)).to.deep.equal(['Status', 'AccountOnlyRemoteWipe']);
    const report = element(Provision.AccountOnlyRemoteWipe, element(Provision.Status, 1));
    const confirmed = await execute(ProvisionCommand, element(Provision.Provision, report), scripted, { command });
    expect(confirmed?.children.map(({ tag }) => tag.name)).to.deep.equal(['Status']);
    expect(told).to.deep.equal(['sent', 'confirmed']);
  });
});
