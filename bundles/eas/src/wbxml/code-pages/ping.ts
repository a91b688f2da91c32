import { defineCodePage } from '../tag';

/** Code page 13, Ping. [MS-ASWBXML] "Code Page 13: Ping". */
export const Ping = defineCodePage(13, 'Ping', {
  Ping: 0x05,
  AutdState: 0x06, // until 2.5
  Status: 0x07,
  HeartbeatInterval: 0x08,
  Folders: 0x09,
  Folder: 0x0a,
  Id: 0x0b,
  Class: 0x0c,
  MaxFolders: 0x0d,
  Version: 0x0e, // until 2.5
});
