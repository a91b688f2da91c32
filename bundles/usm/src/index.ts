export { defaultConfiguration, type UsmConfiguration, type UsmOptions, usmOptions } from './config';
export { UsmDeviceRegistry } from './devices/usm-device-registry';
export { type EngineParts, UsmSyncEngine } from './session/usm-sync-engine';
export { usmSchema } from './tables/database-schema';
