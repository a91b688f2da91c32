export { MemoryGroupware } from './memory-groupware';
export { MemoryAccount, type MemoryUser } from './groupware/memory-account';
export type { MemoryBehaviour } from './groupware/memory-session';
export { fullRights } from './groupware/memory-folder';
export { FaultPoints, type FaultMoment, type RecordedCall } from './groupware/fault-points';
