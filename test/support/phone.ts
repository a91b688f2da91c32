import { type Answer, Device, type DeviceProfile, profiles } from '@oxtender/eas-device';
import type { HostProcess } from './host-process';

export const alice = { user: 'alice@example.com', password: 'secret' };

/** An iPhone of Alice's that has its policy and its folders. */
export async function setUpPhone(
  { url }: Pick<HostProcess, 'url'>,
  deviceId: string,
  profile: DeviceProfile = profiles.ios,
): Promise<Device> {
  const device = new Device({ url, ...alice }, profile, deviceId);
  await device.options();
  await device.provision();
  await device.folderSync();
  return device;
}

/** The same phone after the host came back at another address. */
export function phoneAt({ url }: Pick<HostProcess, 'url'>, before: Device): Device {
  const { account, deviceId, policyKey, version } = before.connection;
  const device = new Device({ ...account, url }, before.profile, deviceId);
  device.connection.policyKey = policyKey;
  device.connection.version = version;
  device.folderKey = before.folderKey;
  for (const [id, folder] of before.folders) device.folders.set(id, folder);
  for (const [id, collection] of before.collections) device.collections.set(id, collection);
  return device;
}

/** HTTP status, or the Status element of an answer with 200. */
export function outcome({ status, element: root }: Answer): string {
  const own = root?.children.find(({ tag }) => tag.name === 'Status')?.text;
  return status === 200 && own !== undefined ? own : `HTTP ${status}`;
}
