import { defineCodePage } from '../tag';

/** Code page 6, GetItemEstimate. [MS-ASWBXML] "Code Page 6: GetItemEstimate". */
export const GetItemEstimate = defineCodePage(6, 'GetItemEstimate', {
  GetItemEstimate: 0x05,
  Version: 0x06, // until 2.5
  Collections: 0x07,
  Collection: 0x08,
  Class: 0x09, // until 12.1
  CollectionId: 0x0a,
  DateTime: 0x0b, // until 2.5
  Estimate: 0x0c,
  Response: 0x0d,
  Status: 0x0e,
});
