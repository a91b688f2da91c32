import type { DeviceRecord, WipeKind } from '@oxtender/bundle-api';

/** Ways to wipe this device, the mildest first. Only an EAS 16.1 device can erase an account alone. */
export function wipeKinds({ protocol, protocolVersion }: DeviceRecord, fullWipe: boolean): readonly WipeKind[] {
  const canAccount = protocol === 'eas' && Number(protocolVersion) >= 16.1;
  return [...(canAccount ? (['account'] as const) : []), ...(fullWipe ? (['full'] as const) : [])];
}

/** Not twice, and not while an operator looks after it. */
export function mayWipe({ wipe }: DeviceRecord): boolean {
  return wipe === undefined;
}

/**
 * A device that is removed is new when it comes back: what an operator blocked stays, and a wipe is not made undone so.
 */
export function mayRemove({ access, wipe }: DeviceRecord): boolean {
  return access === 'allowed' && wipe === undefined;
}

/** What a person calls the device. */
export function deviceName({ information, type, deviceId }: DeviceRecord): string {
  return information['friendlyName'] ?? information['model'] ?? (type === '' ? deviceId : type);
}
