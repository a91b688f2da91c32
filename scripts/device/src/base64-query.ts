/** Codes of the base64 query. [MS-ASHTTP] "Command Codes". */
const commandCodes: Readonly<Record<string, number>> = {
  Sync: 0,
  SendMail: 1,
  SmartForward: 2,
  SmartReply: 3,
  GetAttachment: 4,
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
};

const parameterTags: Readonly<Record<string, number>> = {
  AttachmentName: 0,
  CollectionId: 1,
  ItemId: 3,
  LongId: 4,
  Occurrence: 6,
  User: 8,
};

export interface QueryParts {
  readonly command: string;
  readonly version: string;
  readonly deviceId: string;
  readonly deviceType: string;
  readonly policyKey: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly acceptMultiPart?: boolean;
}

/** The base64 form of the query. [MS-ASHTTP] "Base64-Encoded Query Value". */
export function base64Query(parts: QueryParts): string {
  const code = commandCodes[parts.command];
  if (code === undefined) throw new Error(`${parts.command} has no command code`);
  const sized = (bytes: Buffer) => Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const key = Buffer.alloc(parts.policyKey === '0' ? 0 : 4);
  if (key.length > 0) key.writeUInt32LE(Number(parts.policyKey));
  const fixed = Buffer.alloc(4);
  fixed.writeUInt8(Math.round(Number(parts.version) * 10), 0);
  fixed.writeUInt8(code, 1);
  fixed.writeUInt16LE(0x0409, 2);
  const parameters = Object.entries(parts.parameters).map(([name, value]) => {
    const tag = parameterTags[name];
    if (tag === undefined) throw new Error(`${name} has no parameter tag`);
    return Buffer.concat([Buffer.from([tag]), sized(Buffer.from(value))]);
  });
  if (parts.acceptMultiPart) parameters.push(Buffer.from([7, 1, 2]));
  return Buffer.concat([
    fixed,
    sized(Buffer.from(parts.deviceId)),
    sized(key),
    sized(Buffer.from(parts.deviceType)),
    ...parameters,
  ]).toString('base64');
}

/** The plain form. [MS-ASHTTP] "Plain Text Query Value". */
export function plainQuery(parts: QueryParts, user: string): string {
  return new URLSearchParams({
    Cmd: parts.command,
    User: user,
    DeviceId: parts.deviceId,
    DeviceType: parts.deviceType,
    ...parts.parameters,
  }).toString();
}
