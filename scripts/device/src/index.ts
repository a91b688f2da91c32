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
export {
  type DeviceMail,
  type DeviceResponse,
  type MailSource,
  type Outcome,
  type ResponseOutcome,
  forwardMeeting,
  respond,
  sendMail,
  smartMail,
} from './mail';
export { type DeviceProfile, type ProfileName, profiles } from './profile';
export { type Lookup, type ResolveExtras, fetchItem, find, resolve, search, setOutOfOffice, settings } from './lookup';
