import {
  type Infer,
  choice,
  container,
  dateTime,
  flag,
  integer,
  many,
  object,
  oneOf,
  optional,
  parseInteger,
  text,
  tree,
  value,
} from '../../protocol/schema';
import { optionalBody } from '../../protocol/request-body';
import { bodyPreference } from '../body-preference';
import { AirSync, AirSyncBase, RightsManagement, type Tag } from '../../wbxml';

/** [MS-ASCMD] "Options (Sync)". */
const options = object(
  {
    filterType: optional(integer(AirSync.FilterType, { max: 8 })),
    class: optional(text(AirSync.Class)),
    conflict: optional(oneOf(AirSync.Conflict, [0, 1])),
    truncation: optional(integer(AirSync.Truncation, { max: 9 })),
    mimeSupport: optional(oneOf(AirSync.MIMESupport, [0, 1, 2])),
    mimeTruncation: optional(integer(AirSync.MIMETruncation, { max: 8 })),
    maxItems: optional(integer(AirSync.MaxItems)),
    bodyPreferences: many(AirSyncBase.BodyPreference, bodyPreference),
    bodyPartPreferences: many(AirSyncBase.BodyPartPreference, bodyPreference),
    rightsManagementSupport: optional(flag(RightsManagement.RightsManagementSupport)),
  },
  { unknown: 'skip' },
);

const serverId = text(AirSync.ServerId, { min: 1, max: 64 });
const itemClass = optional(text(AirSync.Class));
const instanceId = optional(dateTime(AirSyncBase.InstanceId));

/** [MS-ASCMD] "Commands (Sync)", the device's side; the limit: "Limiting Size of Command Requests". */
const commands = many(
  choice({
    add: container(
      AirSync.Add,
      object({
        class: itemClass,
        clientId: text(AirSync.ClientId, { min: 1, max: 64 }),
        applicationData: tree(AirSync.ApplicationData),
      }),
    ),
    change: container(
      AirSync.Change,
      object({ class: itemClass, serverId, instanceId, applicationData: tree(AirSync.ApplicationData) }),
    ),
    delete: container(AirSync.Delete, object({ class: itemClass, serverId, instanceId })),
    fetch: container(AirSync.Fetch, object({ serverId })),
  }),
  { max: 200 },
);

/** 0 and what is above 512 mean 512. [MS-ASCMD] "WindowSize". */
function windowSize(tag: Tag) {
  return value(tag, (read) => {
    const size = parseInteger(read);
    return size === undefined || size < 0 ? undefined : size === 0 || size > 512 ? 512 : size;
  });
}

/** [MS-ASCMD] "Collection (Sync)": the order is strict. */
const collection = object(
  {
    class: optional(text(AirSync.Class)),
    syncKey: text(AirSync.SyncKey, { min: 1, max: 64 }),
    notifyGuid: optional(text(AirSync.NotifyGUID)),
    collectionId: text(AirSync.CollectionId, { min: 1, max: 64 }),
    supported: optional(tree(AirSync.Supported)),
    deletesAsMoves: optional(flag(AirSync.DeletesAsMoves), true),
    getChanges: optional(flag(AirSync.GetChanges)),
    windowSize: optional(windowSize(AirSync.WindowSize)),
    conversationMode: optional(flag(AirSync.ConversationMode)),
    options: many(container(AirSync.Options, options), { max: 2 }),
    commands: optional(container(AirSync.Commands, commands), []),
  },
  { order: 'strict' },
);

/** [MS-ASCMD] "Sync", request schema. An empty request repeats the last one. */
export const syncRequest = optionalBody(
  object({
    collections: optional(container(AirSync.Collections, many(AirSync.Collection, collection)), []),
    wait: optional(integer(AirSync.Wait)),
    heartbeatInterval: optional(integer(AirSync.HeartbeatInterval)),
    windowSize: optional(windowSize(AirSync.WindowSize)),
    partial: optional(flag(AirSync.Partial), false),
  }),
);

export type SyncRequest = NonNullable<typeof syncRequest.__request>;
export type CollectionRequest = Infer<typeof collection>;
export type OptionsRequest = Infer<typeof options>;
export type SyncCommand = Infer<typeof commands>[number];
