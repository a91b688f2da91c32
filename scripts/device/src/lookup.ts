import {
  AirSync,
  AirSyncBase,
  type Element,
  Find,
  ItemOperations,
  ResolveRecipients,
  Search,
  Settings,
  type Tag,
  element,
} from '@oxtender/eas';
import type { Answer } from './connection';
import type { Device } from './device';

/** What to look for, and which results to bring. */
export interface Lookup {
  readonly text: string;
  readonly store: 'Mailbox' | 'GAL';
  readonly range?: string | undefined;
  /** Mailbox: one folder and what is below; else all. */
  readonly collectionId?: string | undefined;
  readonly pictures?: boolean | undefined;
}

/** [MS-ASCMD] "Search". */
export function search(device: Device, { text, store, range, collectionId, pictures }: Lookup): Promise<Answer> {
  const query =
    store === 'GAL'
      ? element(Search.Query, text)
      : element(
          Search.Query,
          element(
            Search.And,
            element(AirSync.Class, 'Email'),
            optional(AirSync.CollectionId, collectionId),
            element(Search.FreeText, text),
          ),
        );
  const options = element(
    Search.Options,
    optional(Search.Range, range),
    store === 'Mailbox' ? element(Search.DeepTraversal) : undefined,
    pictures === true ? element(Search.Picture) : undefined,
  );
  const name = element(Search.Name, store);
  const hasOptions = options.children.length > 0;
  const body = element(Search.Search, element(Search.Store, name, query, hasOptions ? options : undefined));
  return device.send('Search', body);
}

/** [MS-ASCMD] "Find", 16.1. */
export function find(device: Device, { text, store, range, collectionId, pictures }: Lookup): Promise<Answer> {
  const ofMailbox = store === 'Mailbox';
  const options = element(
    Find.Options,
    optional(Find.Range, range),
    ofMailbox ? element(Find.DeepTraversal) : undefined,
    pictures === true ? element(Find.Picture) : undefined,
  );
  const words = [
    element(AirSync.Class, 'Email'),
    optional(AirSync.CollectionId, collectionId),
    element(Find.FreeText, text),
  ];
  const criterion = element(
    ofMailbox ? Find.MailBoxSearchCriterion : Find.GalSearchCriterion,
    ofMailbox ? element(Find.Query, words) : element(Find.Query, text),
    options.children.length > 0 ? options : undefined,
  );
  const searchId = element(Find.SearchId, crypto.randomUUID());
  return device.send('Find', element(Find.Find, searchId, element(Find.ExecuteSearch, criterion)));
}

/** What to tell of people besides their names and addresses. */
export interface ResolveExtras {
  readonly certificates?: boolean | undefined;
  readonly pictures?: boolean | undefined;
  /** Beginning and end of the free times to tell. */
  readonly start?: string | undefined;
  readonly end?: string | undefined;
}

/** [MS-ASCMD] "ResolveRecipients". */
export function resolve(device: Device, names: readonly string[], extras: ResolveExtras): Promise<Answer> {
  const { start, end } = extras;
  const availability =
    start === undefined
      ? undefined
      : element(
          ResolveRecipients.Availability,
          element(ResolveRecipients.StartTime, start),
          optional(ResolveRecipients.EndTime, end),
        );
  const options = element(
    ResolveRecipients.Options,
    extras.certificates === true ? element(ResolveRecipients.CertificateRetrieval, 2) : undefined,
    availability,
    extras.pictures === true ? element(ResolveRecipients.Picture) : undefined,
  );
  const body = element(
    ResolveRecipients.ResolveRecipients,
    names.map((name) => element(ResolveRecipients.To, name)),
    options.children.length > 0 ? options : undefined,
  );
  return device.send('ResolveRecipients', body);
}

/** An item by its ServerId or the LongId of a search result, or an attachment; with its text in one of the forms. */
export function fetchItem(
  device: Device,
  { serverId, longId, fileReference }: { serverId?: string; longId?: string; fileReference?: string },
): Promise<Answer> {
  const preference = element(AirSyncBase.BodyPreference, element(AirSyncBase.Type, 1));
  const body = element(
    ItemOperations.Fetch,
    element(ItemOperations.Store, 'Mailbox'),
    optional(Search.LongId, longId),
    optional(AirSync.CollectionId, serverId?.split(':')[0]),
    optional(AirSync.ServerId, serverId),
    optional(AirSyncBase.FileReference, fileReference),
    fileReference === undefined ? element(ItemOperations.Options, preference) : undefined,
  );
  return device.send('ItemOperations', element(ItemOperations.ItemOperations, body));
}

/** Out of office and the user's addresses. [MS-ASCMD] "Settings". */
export function settings(device: Device): Promise<Answer> {
  const oof = element(Settings.Oof, element(Settings.Get, element(Settings.BodyType, 'Text')));
  const user = element(Settings.UserInformation, element(Settings.Get));
  return device.send('Settings', element(Settings.Settings, oof, user));
}

/** Sets the same text for everybody; without one, the user is back. With times it holds between them. */
export function setOutOfOffice(
  device: Device,
  { message, start, end }: { message?: string | undefined; start?: string | undefined; end?: string | undefined },
): Promise<Answer> {
  const state = message === undefined ? 0 : start === undefined ? 1 : 2;
  const audiences = [Settings.AppliesToInternal, Settings.AppliesToExternalKnown, Settings.AppliesToExternalUnknown];
  const messages = audiences.map((audience) =>
    element(
      Settings.OofMessage,
      element(audience),
      element(Settings.Enabled, message === undefined ? '0' : '1'),
      optional(Settings.ReplyMessage, message),
      element(Settings.BodyType, 'Text'),
    ),
  );
  const set = element(
    Settings.Set,
    element(Settings.OofState, state),
    optional(Settings.StartTime, start),
    optional(Settings.EndTime, end),
    messages,
  );
  return device.send('Settings', element(Settings.Settings, element(Settings.Oof, set)));
}

function optional(tag: Tag, value: string | undefined): Element | undefined {
  return value === undefined ? undefined : element(tag, value);
}
