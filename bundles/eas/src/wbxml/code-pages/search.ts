import { defineCodePage } from '../tag';

/** Code page 15, Search. [MS-ASWBXML] "Code Page 15: Search". */
export const Search = defineCodePage(15, 'Search', {
  Search: 0x05,
  Store: 0x07,
  Name: 0x08,
  Query: 0x09,
  Options: 0x0a,
  Range: 0x0b,
  Status: 0x0c,
  Response: 0x0d,
  Result: 0x0e,
  Properties: 0x0f,
  Total: 0x10,
  EqualTo: 0x11,
  Value: 0x12,
  And: 0x13,
  Or: 0x14,
  FreeText: 0x15,
  DeepTraversal: 0x17,
  LongId: 0x18,
  RebuildResults: 0x19,
  LessThan: 0x1a,
  GreaterThan: 0x1b,
  Schema: 0x1c, // until 2.5
  Supported: 0x1d, // until 2.5
  UserName: 0x1e,
  Password: 0x1f,
  ConversationId: 0x20,
  Picture: 0x21,
  MaxSize: 0x22,
  MaxPictures: 0x23,
});
