import { randomInt } from 'node:crypto';
import type { SyncSession } from '@oxtender/bundle-api';
import type { Policy } from './policy';

/** Fields of the device's session. */
const fields = { key: 'eas.policy.key', pending: 'eas.policy.pending', fingerprint: 'eas.policy.fingerprint' } as const;

/**
 * - `ok`: the device applied the policy in force, or there is none
 * - `wipe`, `account-wipe`: the device must send Provision to learn that it is to be wiped
 * - `not-provisioned`: it never applied a policy
 * - `refresh`: the policy changed since
 * - `invalid-key`: it sent another key than the one that it was given
 */
export type ProvisioningState = 'ok' | 'wipe' | 'account-wipe' | 'not-provisioned' | 'refresh' | 'invalid-key';

/** [MS-ASPROV] "PolicyKey": 32 bits, never 0, which stands for none. */
function newPolicyKey(): string {
  return String(randomInt(1, 0xffffffff));
}

/** The policy key of one device: phase 1 hands out a temporary one, phase 2 the one that later commands carry. */
export class Provisioning {
  constructor(
    private readonly session: SyncSession,
    private readonly policy: Policy | undefined,
  ) {}

  /** What stands against a command with this key. @param key - X-MS-PolicyKey; `undefined` when there was none */
  check(key: number | undefined): ProvisioningState {
    const { wipe } = this.session.device;
    if (wipe && wipe.state !== 'confirmed') return wipe.kind === 'full' ? 'wipe' : 'account-wipe';
    if (!this.policy) return 'ok';
    const given = this.session.fields.get(fields.key);
    if (given === undefined || key === undefined || key === 0) return 'not-provisioned';
    if (given !== String(key)) return 'invalid-key';
    return this.session.fields.get(fields.fingerprint) === this.policy.fingerprint ? 'ok' : 'refresh';
  }

  /** Phase 1: the key that the device must acknowledge. The key in use stays valid until then. */
  async begin(): Promise<string> {
    const pending = newPolicyKey();
    await this.session.fields.set({ [fields.pending]: pending });
    return pending;
  }

  /** Phase 2. @returns the final key; `undefined` when the acknowledged key is not the one handed out */
  async acknowledge(key: string): Promise<string | undefined> {
    const final = this.session.fields.get(fields.key);
    if (key === final) return final;
    // the temporary key stays good: the answer to an acknowledgement may have been lost
    if (key !== this.session.fields.get(fields.pending)) return undefined;
    const next = newPolicyKey();
    await this.session.fields.set({
      [fields.key]: next,
      [fields.fingerprint]: this.policy?.fingerprint,
    });
    return next;
  }
}
