import { literalToken } from './tag';

/** Global tokens. WBXML 1.3, "Global Tokens". Those that ActiveSync never uses and that are refused have no name here. */
export const GlobalToken = {
  SwitchPage: 0x00,
  End: 0x01,
  Entity: 0x02,
  InlineString: 0x03,
  Literal: literalToken,
  LiteralWithContent: 0x44,
  TableString: 0x83,
  Opaque: 0xc3,
} as const;

/** Set in a tag's byte when content and an end follow. */
export const contentFlag = 0x40;
/** Set in a tag's byte when attributes follow, which ActiveSync never uses. */
export const attributeFlag = 0x80;
export const tokenMask = 0x3f;

/** Version 1.3. */
export const wbxmlVersion = 0x03;
/** "Unknown or missing public identifier". */
export const unknownPublicId = 0x01;
/** IANA MIBenum numbers. */
export const Charset = { Unspecified: 0, UsAscii: 3, Latin1: 4, Utf8: 106 } as const;
