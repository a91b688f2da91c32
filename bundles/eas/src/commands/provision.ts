import type { CommandCall, CommandServices } from '../protocol/command';
import { type Command, describeCommand } from '../protocol/command';
import { type Infer, container, object, optional, text, tree } from '../protocol/schema';
import { isAtLeast } from '../protocol/versions';
import { readDeviceInformation } from '../device/device-information';
import { type Policy, policyFor } from '../device/policy';
import { Provisioning } from '../device/provisioning';
import { type Element, Provision as Page, Settings, element } from '../wbxml';

/** [MS-ASPROV] "Status (Provision)". */
const Status = {
  Success: 1,
  ProtocolError: 2,
  PartialPolicy: 139,
  ExternallyManaged: 145,
  DeviceInformationMissing: 165,
} as const;

/** [MS-ASPROV] "Status (Policy)". */
const PolicyStatus = { Success: 1, NoPolicy: 2, UnknownType: 3, WrongKey: 5 } as const;

/** What the device says of itself in phase 2. [MS-ASPROV] "Status (Policy)" in requests. */
const DeviceStatus = { Partly: '2', Not: '3', ExternallyManaged: '4' } as const;

const PolicyType = { Wbxml: 'MS-EAS-Provisioning-WBXML', Wap: 'MS-WAP-Provisioning-XML' } as const;

const wipeReport = object({ status: text(Page.Status) });

/** [MS-ASPROV] "Provision", request schema. An empty document asks for the wipe that status 140 announced. */
const request = object({
  deviceInformation: optional(tree(Settings.DeviceInformation)),
  policies: optional(
    container(
      Page.Policies,
      object({
        policy: container(
          Page.Policy,
          object(
            {
              policyType: text(Page.PolicyType),
              policyKey: optional(text(Page.PolicyKey)),
              status: optional(text(Page.Status)),
            },
            { unknown: 'skip' },
          ),
        ),
      }),
    ),
  ),
  remoteWipe: optional(container(Page.RemoteWipe, wipeReport)),
  accountOnlyRemoteWipe: optional(container(Page.AccountOnlyRemoteWipe, wipeReport)),
});

type Request = Infer<typeof request>;

/** [MS-ASPROV] "Provision Command": policies in two phases, and remote wipe. */
export class Provision implements Command<typeof request> {
  static readonly descriptor = describeCommand({
    name: 'Provision',
    root: Page.Provision,
    request,
    status: { malformed: Status.ProtocolError, serverError: 3 },
  });

  constructor(private readonly services: CommandServices) {}

  async execute(asked: Request, call: CommandCall): Promise<Element> {
    const { device } = call.session;
    if (asked.deviceInformation) {
      await this.services.devices.setInformation(device, readDeviceInformation(asked.deviceInformation));
    }
    const report = asked.remoteWipe ?? asked.accountOnlyRemoteWipe;
    if (report) await this.services.devices.recordWipe(device, report.status === '1' ? 'confirmed' : 'failed');
    const wipe = await this.#wipeOrder(call, report?.status);
    if (wipe) return provision(report ? Status.ProtocolError : Status.Success, wipe);
    if (!asked.policies) return provision(report ? Status.Success : Status.ProtocolError);
    return this.#policy(asked.policies.policy, asked, call);
  }

  /** The element that makes the device wipe itself, while a wipe is asked for and not confirmed. */
  async #wipeOrder(call: CommandCall, reported: string | undefined): Promise<Element | undefined> {
    const { wipe } = call.session.device;
    if (!wipe || wipe.state === 'confirmed' || reported === '1') return undefined;
    await this.services.devices.recordWipe(call.session.device, 'sent');
    const accountOnly = wipe.kind === 'account' && isAtLeast(call.version, '16.1');
    return element(accountOnly ? Page.AccountOnlyRemoteWipe : Page.RemoteWipe);
  }

  async #policy(
    asked: { policyType: string; policyKey: string | undefined; status: string | undefined },
    request: Request,
    call: CommandCall,
  ): Promise<Element> {
    const expected = isAtLeast(call.version, '12.0') ? PolicyType.Wbxml : PolicyType.Wap;
    if (asked.policyType !== expected) return answer(asked.policyType, PolicyStatus.UnknownType);
    const policy = policyFor(call.session.user.login, this.services.config);
    const provisioning = new Provisioning(call.session, policy);
    if (asked.policyKey !== undefined && asked.status !== undefined) {
      return acknowledge(provisioning, asked.policyKey, asked.status, expected);
    }
    if (isAtLeast(call.version, '14.1') && !request.deviceInformation && !knowsDevice(call)) {
      return provision(Status.DeviceInformationMissing);
    }
    if (!policy) return answer(expected, PolicyStatus.NoPolicy);
    return answer(expected, PolicyStatus.Success, await provisioning.begin(), policyData(policy, call));
  }
}

async function acknowledge(
  provisioning: Provisioning,
  key: string,
  status: string,
  policyType: string,
): Promise<Element> {
  if (status === DeviceStatus.Not || status === DeviceStatus.Partly) return provision(Status.PartialPolicy);
  if (status === DeviceStatus.ExternallyManaged) return provision(Status.ExternallyManaged);
  const final = await provisioning.acknowledge(key);
  return final === undefined
    ? answer(policyType, PolicyStatus.WrongKey)
    : answer(policyType, PolicyStatus.Success, final);
}

/** A device that told of itself before need not again: [MS-ASPROV] asks for it in the first Provision only. */
function knowsDevice(call: CommandCall): boolean {
  return Object.keys(call.session.device.information).length > 0;
}

function policyData(policy: Policy, call: CommandCall): Element {
  return isAtLeast(call.version, '12.0')
    ? element(Page.Data, policy.document(call.version))
    : element(Page.Data, policy.wapDocument());
}

function provision(status: number, ...rest: (Element | undefined)[]): Element {
  return element(Page.Provision, element(Page.Status, status), ...rest);
}

function answer(policyType: string, status: number, policyKey?: string, data?: Element): Element {
  const policy = element(
    Page.Policy,
    element(Page.PolicyType, policyType),
    element(Page.Status, status),
    policyKey === undefined ? undefined : element(Page.PolicyKey, policyKey),
    data,
  );
  return provision(Status.Success, element(Page.Policies, policy));
}
