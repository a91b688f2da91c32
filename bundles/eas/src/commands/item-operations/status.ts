/** [MS-ASCMD] "Status (ItemOperations)". */
export const ItemOperationsStatus = {
  Success: 1,
  ProtocolError: 2,
  ServerError: 3,
  ItemNotFound: 6,
  BadRange: 8,
  UnknownStore: 9,
  TooLarge: 11,
  ConversionFailed: 14,
  InvalidAttachmentId: 15,
  AccessDenied: 16,
  PartialSuccess: 17,
} as const;
