import type { WipeState } from '@oxtender/bundle-api';
import type { CommandCall, CommandServices } from '../protocol/command';
import { type Command, describeCommand } from '../protocol/command';
import { type Infer, container, object, optional, text, tree } from '../protocol/schema';
import { isAtLeast } from '../protocol/versions';
import { readDeviceInformation } from '../device/device-information';
import { type Policy, policyFor } from '../device/policy';
import { Provisioning } from '../device/provisioning';
import { blocked, holderOf, openWipe, wipeTag } from '../device/remote-wipe';
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
const DeviceStatus = { Fully: '1', Partly: '2', Not: '3', ExternallyManaged: '4' } as const;

/** What such a device is answered, unless the operator lets it in all the same. */
const refusals: Readonly<Record<string, number>> = {
  [DeviceStatus.Partly]: Status.PartialPolicy,
  [DeviceStatus.Not]: Status.PartialPolicy,
  [DeviceStatus.ExternallyManaged]: Status.ExternallyManaged,
};

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
    const report = asked.remoteWipe ?? asked.accountOnlyRemoteWipe;
    if (report) return this.#takeReport(report.status === '1', call);
    const wipe = openWipe(device);
    if (wipe) return this.#orderWipe(wipe, call);
    if (device.access !== 'allowed') throw blocked(device);
    return provision(await this.#provision(asked, call), await this.#information(asked, call));
  }

  /** The device says how its wipe went. After a failure it is told to try again. */
  async #takeReport(isDone: boolean, call: CommandCall): Promise<Element> {
    const { device } = call.session;
    const { wipe } = device;
    if (!wipe) return provision({ status: Status.ProtocolError });
    // a repeat, after its answer was lost
    if (wipe.state === 'confirmed') return provision({ status: Status.Success });
    await this.services.devices.recordWipe(device, isDone ? 'confirmed' : 'failed');
    if (!isDone) {
      call.log.warn('the device could not wipe itself', { kind: wipe.kind });
      return provision({ status: Status.ProtocolError, content: element(wipeTag(wipe)) });
    }
    await this.#provisioning(call).forget();
    call.log.info('the device wiped itself', { kind: wipe.kind });
    return provision({ status: Status.Success });
  }

  async #orderWipe(wipe: WipeState, call: CommandCall): Promise<Element> {
    if (wipe.state === 'requested') {
      await this.services.devices.recordWipe(call.session.device, 'sent');
      call.log.info('the device is told to wipe itself', { kind: wipe.kind });
    }
    return provision({ status: Status.Success, content: element(wipeTag(wipe)) });
  }

  /** Of 14.1 and later, where it is part of Provision; answered first. [MS-ASPROV] "Provision", response schema. */
  async #information(asked: Request, call: CommandCall): Promise<Element | undefined> {
    if (!asked.deviceInformation) return undefined;
    await this.services.devices.setInformation(call.session.device, readDeviceInformation(asked.deviceInformation));
    return element(Settings.DeviceInformation, element(Settings.Status, 1));
  }

  async #provision({ policies, deviceInformation }: Request, call: CommandCall): Promise<Answered> {
    if (!policies) return { status: Status.ProtocolError };
    const { policyType, policyKey, status } = policies.policy;
    const expected = isAtLeast(call.version, '12.0') ? PolicyType.Wbxml : PolicyType.Wap;
    if (policyType !== expected) return policyAnswer(policyType, PolicyStatus.UnknownType);
    const policy = policyFor(holderOf(call), this.services.config);
    if (policyKey !== undefined && status !== undefined) {
      return this.#acknowledge({ policyKey, status, policyType, isWanted: policy !== undefined }, call);
    }
    if (isAtLeast(call.version, '14.1') && !deviceInformation && !knowsDevice(call)) {
      return { status: Status.DeviceInformationMissing };
    }
    if (!policy) return policyAnswer(policyType, PolicyStatus.NoPolicy);
    const key = await this.#provisioning(call).begin();
    return policyAnswer(policyType, PolicyStatus.Success, key, policyData(policy, call));
  }

  async #acknowledge(
    asked: { policyKey: string; status: string; policyType: string; isWanted: boolean },
    call: CommandCall,
  ): Promise<Answered> {
    const { policyKey, status, policyType, isWanted } = asked;
    if (!isWanted) return policyAnswer(policyType, PolicyStatus.NoPolicy);
    const refusal = refusals[status];
    if (status !== DeviceStatus.Fully && refusal === undefined) return { status: Status.ProtocolError };
    const isRefused = refusal !== undefined && !this.services.config['com.openexchange.usm.eas.policy.allow_partial'];
    if (isRefused) {
      call.log.warn('the device does not apply the policy', { status });
      return { status: refusal };
    }
    const final = await this.#provisioning(call).acknowledge(policyKey);
    return final === undefined
      ? policyAnswer(policyType, PolicyStatus.WrongKey)
      : policyAnswer(policyType, PolicyStatus.Success, final);
  }

  #provisioning(call: CommandCall): Provisioning {
    const { config, newPolicyKey } = this.services;
    return new Provisioning(call.session, policyFor(holderOf(call), config), newPolicyKey);
  }
}

/** The answer's status, and what stands behind it. */
interface Answered {
  readonly status: number;
  readonly content?: Element;
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

function provision({ status, content }: Answered, information?: Element): Element {
  return element(Page.Provision, information, element(Page.Status, status), content);
}

function policyAnswer(policyType: string, status: number, policyKey?: string, data?: Element): Answered {
  const policy = element(
    Page.Policy,
    element(Page.PolicyType, policyType),
    element(Page.Status, status),
    policyKey === undefined ? undefined : element(Page.PolicyKey, policyKey),
    data,
  );
  return { status: Status.Success, content: element(Page.Policies, policy) };
}
