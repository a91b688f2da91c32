import type { EasConfig } from '../config';
import type { CommandCall, Gate } from '../protocol/command';
import type { CommandName } from '../protocol/command-codes';
import type { CommonStatusCode } from '../protocol/common-status';
import { Refused } from '../protocol/refused';
import { policyFor } from './policy';
import { Provisioning, type ProvisioningState } from './provisioning';

/** Blocked and quarantined devices get no data, but may learn that they are to be wiped. */
export class AccessGate implements Gate {
  check({ session: { device }, command }: CommandCall): void {
    const wiping = device.wipe !== undefined && device.wipe.state !== 'confirmed';
    if (device.access === 'allowed' || (wiping && command === 'Provision')) return;
    const reason = device.accessReason === undefined ? '' : `: ${device.accessReason}`;
    throw new Refused('DEVICE_IS_BLOCKED_FOR_THIS_USER', `the device is ${device.access}${reason}`);
  }
}

/** Commands that a device may send before it is provisioned. [MS-ASPROV] "Provision Command". */
const free: ReadonlySet<CommandName> = new Set(['Provision', 'Settings']);

const refusals: Record<Exclude<ProvisioningState, 'ok'>, CommonStatusCode> = {
  wipe: 'REMOTE_WIPE_REQUESTED',
  'account-wipe': 'REMOTE_WIPE_REQUESTED',
  'not-provisioned': 'DEVICE_NOT_PROVISIONED',
  refresh: 'POLICY_REFRESH',
  'invalid-key': 'INVALID_POLICY_KEY',
};

/** The policy in force must have been applied, and a wipe that was asked for comes before everything else. */
export class ProvisioningGate implements Gate {
  constructor(private readonly config: EasConfig) {}

  check(call: CommandCall): void {
    if (free.has(call.command)) return;
    const policy = policyFor(call.session.user.login, this.config);
    const state = new Provisioning(call.session, policy).check(call.policyKey);
    if (state !== 'ok') throw new Refused(refusals[state], `provisioning: ${state}`);
  }
}
