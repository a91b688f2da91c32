import { Find } from '../commands/find/find';
import { FolderCreate } from '../commands/folder-create';
import { FolderDelete } from '../commands/folder-delete';
import { FolderSync } from '../commands/folder-sync';
import { FolderUpdate } from '../commands/folder-update';
import { GetHierarchy } from '../commands/get-hierarchy';
import { GetItemEstimate } from '../commands/get-item-estimate';
import { GetAttachment } from '../commands/get-attachment';
import { ItemOperations } from '../commands/item-operations/item-operations';
import { MeetingResponse } from '../commands/meeting-response/meeting-response';
import { MoveItems } from '../commands/move-items';
import { Ping } from '../commands/ping';
import { Provision } from '../commands/provision';
import { ResolveRecipients } from '../commands/resolve-recipients/resolve-recipients';
import { Search } from '../commands/search/search';
import { Settings } from '../commands/settings/settings';
import { SendMail } from '../commands/send/send-mail';
import { SmartForward } from '../commands/send/smart-forward';
import { SmartReply } from '../commands/send/smart-reply';
import { Sync } from '../commands/sync/sync';
import { ValidateCert } from '../commands/validate-cert';
import type { CommandClass } from './command';

/** All commands. The header MS-ASProtocolCommands is made of it. */
export const commandTable: readonly CommandClass[] = [
  Sync,
  SendMail,
  SmartForward,
  SmartReply,
  FolderSync,
  FolderCreate,
  FolderDelete,
  FolderUpdate,
  GetAttachment,
  GetHierarchy,
  GetItemEstimate,
  ItemOperations,
  MeetingResponse,
  MoveItems,
  Ping,
  Provision,
  ResolveRecipients,
  Search,
  Settings,
  ValidateCert,
  Find,
];
