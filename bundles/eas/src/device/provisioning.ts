import { randomInt } from 'node:crypto';
import type { SyncSession } from '@oxtender/bundle-api';
import type { Policy } from './policy';

/** Fields of the device's session. */
const fields = {
  key: 'eas.policy.key',
  fingerprint: 'eas.policy.fingerprint',
  pending: 'eas.policy.pending',
  pendingFingerprint: 'eas.policy.pending.fingerprint',
  acknowledged: 'eas.policy.acknowledged',
} as const;

/**
 * - `ok`: the device applied the policy in force, or there is none
 * - `not-provisioned`: it never applied a policy
 * - `refresh`: the policy changed since
 * - `invalid-key`: it sent another key than the one that it was given
 */
export type ProvisioningState = 'ok' | 'not-provisioned' | 'refresh' | 'invalid-key';

/** [MS-ASPROV] "PolicyKey": 32 bits, never 0, which stands for none. */
export function randomPolicyKey(): string {
  return String(randomInt(1, 0xffffffff));
}

/** The policy key of one device: phase 1 hands out a temporary one, phase 2 the one that later commands carry. */
export class Provisioning {
  constructor(
    private readonly session: SyncSession,
    private readonly policy: Policy | undefined,
    private readonly newPolicyKey: () => string = randomPolicyKey,
  ) {}

  /** What stands against a command with this key. @param key - X-MS-PolicyKey; `undefined` when there was none */
  check(key: number | undefined): ProvisioningState {
    if (!this.policy) return 'ok';
    const given = this.session.fields.get(fields.key);
    if (given === undefined || key === undefined || key === 0) return 'not-provisioned';
    if (given !== String(key)) return 'invalid-key';
    return this.session.fields.get(fields.fingerprint) === this.policy.fingerprint ? 'ok' : 'refresh';
  }

  /** Phase 1: the key that the device must acknowledge. The key in use stays valid until then. */
  async begin(): Promise<string> {
    const pending = this.newPolicyKey();
    const pendingFingerprint = this.policy?.fingerprint;
    await this.session.fields.set({ [fields.pending]: pending, [fields.pendingFingerprint]: pendingFingerprint });
    return pending;
  }

  /** Phase 2. @returns the final key; `undefined` when the acknowledged key is not the one handed out */
  async acknowledge(key: string): Promise<string | undefined> {
    const final = this.session.fields.get(fields.key);
    // a repeat: the answer to the acknowledgement may have been lost
    if (key === final || key === this.session.fields.get(fields.acknowledged)) return final;
    if (key !== this.session.fields.get(fields.pending)) return undefined;
    const next = this.newPolicyKey();
    // what it was given, which need not be the policy of now
    const applied = this.session.fields.get(fields.pendingFingerprint);
    await this.session.fields.set({ [fields.key]: next, [fields.fingerprint]: applied, [fields.acknowledged]: key });
    return next;
  }

  /** The device has nothing any more, a policy neither. */
  async forget(): Promise<void> {
    await this.session.fields.set(Object.fromEntries(Object.values(fields).map((name) => [name, undefined])));
  }
}
