import type { EasConfig } from '../config';
import type { CommandCall, Gate } from '../protocol/command';
import type { CommandName } from '../protocol/command-codes';
import type { CommonStatusCode } from '../protocol/common-status';
import { Refused } from '../protocol/refused';
import { isAllowed } from './allowed-devices';
import { LRUCache } from 'lru-cache';
import { policyFor, type Policy } from './policy';
import { blocked, canWipe, holderOf, openWipe } from './remote-wipe';
import { Provisioning, type ProvisioningState } from './provisioning';

/** A device that is to be wiped is told so, whatever it asks and whatever else is true of it. [MS-ASPROV] "RemoteWipe". */
export class WipeGate implements Gate {
  check({ session: { device }, command, version }: CommandCall): void {
    const wipe = openWipe(device);
    if (!wipe) return;
    if (!canWipe(wipe, version)) {
      throw new Refused(
        'DEVICE_IS_BLOCKED_FOR_THIS_USER',
        `an account-only wipe is due, which ${version} does not know`,
      );
    }
    if (command !== 'Provision') throw new Refused('REMOTE_WIPE_REQUESTED', `a wipe (${wipe.kind}) is ${wipe.state}`);
  }
}

/** Blocked and quarantined devices get no data, but may learn that they are to be wiped, and say that they are. */
export class AccessGate implements Gate {
  check({ session: { device }, command }: CommandCall): void {
    if (device.access === 'allowed' || (device.wipe && command === 'Provision')) return;
    throw blocked(device);
  }
}

/** Only devices of the kinds that the operator allows; one that is to be wiped may still learn so, and say that it is. */
export class KindGate implements Gate {
  constructor(private readonly config: EasConfig) {}

  check({ device, version, command, session }: CommandCall): void {
    if (isAllowed(device, version, this.config['com.openexchange.usm.eas.devices.allowed'])) return;
    if (session.device.wipe && command === 'Provision') return;
    throw new Refused(
      'DEVICE_IS_BLOCKED_FOR_THIS_USER',
      `devices.allowed names no ${device.type} of version ${version} (${device.userAgent ?? 'no User-Agent'})`,
    );
  }
}

/** Commands that a device may send before it is provisioned. [MS-ASPROV] "Provision Command". */
const free: ReadonlySet<CommandName> = new Set(['Provision', 'Settings']);

const refusals: Record<Exclude<ProvisioningState, 'ok'>, CommonStatusCode> = {
  'not-provisioned': 'DEVICE_NOT_PROVISIONED',
  refresh: 'POLICY_REFRESH',
  'invalid-key': 'INVALID_POLICY_KEY',
};

/** The policy in force must have been applied. */
export class ProvisioningGate implements Gate {
  /** By user and type of device, as long as the configuration holds. */
  readonly #policies = new LRUCache<string, { readonly policy: Policy | undefined }>({ max: 5000 });

  constructor(private readonly config: EasConfig) {}

  check(call: CommandCall): void {
    if (free.has(call.command)) return;
    const state = new Provisioning(call.session, this.#policyFor(call)).check(call.policyKey);
    if (state !== 'ok') throw new Refused(refusals[state], `provisioning: ${state}`);
  }

  #policyFor(call: CommandCall): Policy | undefined {
    const holder = holderOf(call);
    const key = `${holder.deviceType}\0${holder.login}`;
    let known = this.#policies.get(key);
    if (!known) this.#policies.set(key, (known = { policy: policyFor(holder, this.config) }));
    return known.policy;
  }
}
