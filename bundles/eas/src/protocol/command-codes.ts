/**
 * Commands by the code that stands for them in a base64 query. [MS-ASHTTP] "Command Codes". 6 to 8 were commands
 * before 2.5; Find has its code from practice.
 */
export const commandCodes = {
  Sync: 0,
  SendMail: 1,
  SmartForward: 2,
  SmartReply: 3,
  GetAttachment: 4,
  GetHierarchy: 5,
  FolderSync: 9,
  FolderCreate: 10,
  FolderDelete: 11,
  FolderUpdate: 12,
  MoveItems: 13,
  GetItemEstimate: 14,
  MeetingResponse: 15,
  Search: 16,
  Settings: 17,
  Ping: 18,
  ItemOperations: 19,
  Provision: 20,
  ResolveRecipients: 21,
  ValidateCert: 22,
  Find: 23,
} as const;

/** Name of a command, as in the query's `Cmd`. */
export type CommandName = keyof typeof commandCodes;
