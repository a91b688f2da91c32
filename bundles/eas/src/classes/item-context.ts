import type { FolderRole, GroupwareUser, Instant, ItemClass, Logger, ServerId, SyncFolder } from '@oxtender/bundle-api';
import type { FieldContext } from '../protocol/field-table';
import type { ProtocolVersion } from '../protocol/versions';
import { type DeviceQuirks, quirksOf } from '../quirks/device-quirks';
import type { LargeSource } from './email/large-source';
import type { Element, Tag } from '../wbxml';

/** One form of body that the device takes. [MS-ASAIRS] "BodyPreference". */
export interface BodyPreference {
  /** See {@link BodyType}. */
  readonly type: number;
  /** Bytes. Absent: all. */
  readonly truncationSize?: number | undefined;
  /** The body whole or not at all. */
  readonly allOrNone?: boolean | undefined;
  /** Characters of the preview that the device wants. */
  readonly preview?: number | undefined;
}

/** What a device wants of items, as it says in Options and Supported. [MS-ASCMD] "Options (Sync)". */
export interface ItemOptions {
  /** 2.5: index of a table of sizes. */
  readonly truncation?: number | undefined;
  /** 0 never, 1 signed and encrypted mail, 2 all mail. */
  readonly mimeSupport: 0 | 1 | 2;
  /** Index of a table of sizes. */
  readonly mimeTruncation?: number | undefined;
  readonly bodyPreferences: readonly BodyPreference[];
  readonly bodyPartPreferences: readonly BodyPreference[];
  /** Elements that the device manages; all others are ghosted. Absent: none is ghosted. */
  readonly supported?: ReadonlySet<Tag> | undefined;
}

/** What holds when a device has said nothing. */
export const defaultItemOptions: ItemOptions = { mimeSupport: 0, bodyPreferences: [], bodyPartPreferences: [] };

/** Whose items are read and written, for which device. */
export interface ItemContext extends FieldContext {
  readonly itemClass: ItemClass;
  readonly options: ItemOptions;
  readonly quirks: DeviceQuirks;
  readonly user: Pick<GroupwareUser, 'displayName' | 'primaryAddress' | 'addresses' | 'timeZone'>;
  readonly now: Instant;
  readonly log: Logger;
  /** Where the items are: the ids of their attachments speak of it. */
  readonly collectionId: string;
  /** What kind of default folder that is, if any. */
  readonly folderRole?: FolderRole | undefined;
  /** False: bodies are written whole, whatever the options say. */
  readonly truncate?: boolean;
  /** The item being written; part of the ids of its attachments. */
  readonly serverId?: string;
  /** Sources too large to come with their mails. */
  readonly largeSources?: ReadonlyMap<ServerId, LargeSource>;
  /** Reading: what stands around the element being read, for elements that only together mean something. */
  readonly siblings?: Element;
}

/** What an {@link ItemContext} is made of: a `CommandCall` has it all. */
export interface ItemContextSource {
  readonly version: ProtocolVersion;
  readonly device: { readonly type: string; readonly userAgent?: string };
  readonly session: { readonly user: GroupwareUser };
  readonly log: Logger;
}

/** @param now - the host's clock: decides which year's rules of a time zone a series is sent with */
export function itemContext(
  source: ItemContextSource,
  { collectionId, itemClass, role }: Pick<SyncFolder, 'collectionId' | 'itemClass' | 'role'>,
  options: ItemOptions,
  now: Instant,
): ItemContext {
  const { version, device, session } = source;
  const quirks = quirksOf({ type: device.type, userAgent: device.userAgent, version });
  return {
    ...{ version, itemClass, options, quirks, user: session.user, now, collectionId, folderRole: role },
    // Made for the request when something is to be said; most requests say nothing.
    get log() {
      return source.log;
    },
  };
}
