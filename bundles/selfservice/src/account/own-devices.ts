import {
  type Cancellable,
  type DeviceRecord,
  type DeviceRegistry,
  type GroupwareSession,
  isOxtenderError,
  type SkippedItem,
  type WipeKind,
} from '@oxtender/bundle-api';
import { PageError } from '../page-error';
import { chooseFolders, type FolderOption, folderOptions } from './folder-options';
import { mayRemove, mayWipe, wipeKinds } from './rules';

/** What a user may see and do with devices: the own ones, as the groupware says who the user is. */
export class OwnDevices {
  constructor(
    private readonly registry: DeviceRegistry,
    private readonly groupware: GroupwareSession,
    private readonly fullWipe: boolean,
  ) {}

  /** The one that synchronised last comes first. */
  async list(): Promise<DeviceRecord[]> {
    const { contextId, userId } = this.groupware.user;
    const devices = await this.registry.list({ contextId, userId });
    return devices.toSorted((a, b) => b.lastSeen - a.lastSeen);
  }

  /** @throws PageError NOT_FOUND, also for a device of somebody else */
  async get(protocol: string, deviceId: string): Promise<DeviceRecord> {
    const { contextId, userId } = this.groupware.user;
    const device = await this.registry.get({ contextId, userId, protocol, deviceId });
    if (!device) throw new PageError('NOT_FOUND', 'the user has no such device');
    return device;
  }

  async skippedItems(device: DeviceRecord): Promise<SkippedItem[]> {
    return this.registry.skippedItems(device);
  }

  async folders(device: DeviceRecord, options: Cancellable): Promise<FolderOption[]> {
    const [folders, choice] = await Promise.all([
      this.groupware.listFolders(options),
      this.registry.folderChoice(device),
    ]);
    return folderOptions(folders, choice);
  }

  /** @param wanted - ids of the folders that the user ticked; default folders need not be among them */
  async chooseFolders(device: DeviceRecord, wanted: ReadonlySet<string>, options: Cancellable): Promise<void> {
    const [folders, choice] = await Promise.all([
      this.groupware.listFolders(options),
      this.registry.folderChoice(device),
    ]);
    await this.registry.chooseFolders(device, chooseFolders(folders, choice, wanted));
  }

  /** @throws PageError NOT_FOUND when the device has no such folder */
  async resend(device: DeviceRecord, collectionId: string, itemId: string): Promise<void> {
    try {
      await this.registry.resend(device, collectionId, itemId);
    } catch (error) {
      if (!isOxtenderError(error, 'UNKNOWN_COLLECTION')) throw error;
      throw new PageError('NOT_FOUND', 'the device has no such folder', { cause: error });
    }
  }

  wipeKinds(device: DeviceRecord): readonly WipeKind[] {
    return wipeKinds(device, this.fullWipe);
  }

  /** @throws PageError FORBIDDEN */
  async wipe(device: DeviceRecord, kind: WipeKind): Promise<void> {
    if (!mayWipe(device) || !this.wipeKinds(device).includes(kind)) {
      throw new PageError('FORBIDDEN', `the device cannot be wiped (${kind})`);
    }
    await this.registry.requestWipe(device, kind);
  }

  /** @throws PageError FORBIDDEN */
  async remove(device: DeviceRecord): Promise<void> {
    if (!mayRemove(device)) throw new PageError('FORBIDDEN', 'the device cannot be removed by its user');
    await this.registry.delete(device);
  }
}
