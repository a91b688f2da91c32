export { type Account, type Answer, type CommandOptions, Connection } from './connection';
export {
  Device,
  type DeviceChange,
  DeviceCollection,
  type DeviceFolder,
  type Round,
  type SyncOptions,
  itemClassOf,
} from './device';
export { type DeviceProfile, type ProfileName, profiles } from './profile';
