import type { DeviceRecord, WipeState } from '@oxtender/bundle-api';
import type { CommandCall } from '../protocol/command';
import { Refused } from '../protocol/refused';
import { isAtLeast, type ProtocolVersion } from '../protocol/versions';
import { Provision, type Tag } from '../wbxml';
import type { PolicyHolder } from './policy';

/** The wipe that was asked for and that the device has not confirmed. */
export function openWipe({ wipe }: DeviceRecord): WipeState | undefined {
  return wipe?.state === 'confirmed' ? undefined : wipe;
}

/** Only 16.1 can erase an account alone; an older device is never wiped in full for want of that. */
export function canWipe({ kind }: WipeState, version: ProtocolVersion): boolean {
  return kind === 'full' || isAtLeast(version, '16.1');
}

/** [MS-ASPROV] "RemoteWipe", "AccountOnlyRemoteWipe". */
export function wipeTag({ kind }: WipeState): Tag {
  return kind === 'account' ? Provision.AccountOnlyRemoteWipe : Provision.RemoteWipe;
}

export function blocked({ access, accessReason }: DeviceRecord): Refused {
  const reason = accessReason === undefined ? '' : `: ${accessReason}`;
  return new Refused('DEVICE_IS_BLOCKED_FOR_THIS_USER', `the device is ${access}${reason}`);
}

export function holderOf({ session: { user, device } }: CommandCall): PolicyHolder {
  return { login: user.login, deviceType: device.type };
}
