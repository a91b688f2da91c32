import { Device, profiles } from '@oxtender/eas-device';
import type { HostProcess } from './host-process';

export const alice = { user: 'alice@example.com', password: 'secret' };

/** An iPhone of Alice's that has its policy and its folders. */
export async function setUpPhone({ url }: Pick<HostProcess, 'url'>, deviceId: string): Promise<Device> {
  const device = new Device({ url, ...alice }, profiles.ios, deviceId);
  await device.options();
  await device.provision();
  await device.folderSync();
  return device;
}
