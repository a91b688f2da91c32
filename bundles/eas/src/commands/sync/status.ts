/** [MS-ASCMD] "Status (Sync)". */
export const SyncStatus = {
  Success: 1,
  InvalidSyncKey: 3,
  ProtocolError: 4,
  ServerError: 5,
  ConversionFailed: 6,
  Conflict: 7,
  NotFound: 8,
  NoSpace: 9,
  HierarchyChanged: 12,
  NoCachedRequest: 13,
  IntervalOutOfRange: 14,
  TooManyCollections: 15,
  Retry: 16,
} as const;
