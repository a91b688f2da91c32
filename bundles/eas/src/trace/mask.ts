import {
  AirSyncBase,
  Calendar,
  ComposeMail,
  Contacts,
  Email,
  Email2,
  Find,
  Gal,
  ItemOperations,
  type Redact,
  ResolveRecipients,
  Search,
  Settings,
  type Tag,
  Tasks,
} from '../wbxml';

/** Texts, files and pictures of the user, and passwords. */
const masked: ReadonlySet<Tag> = new Set([
  ...[AirSyncBase.Data, AirSyncBase.Preview, AirSyncBase.Content, Calendar.Body, Contacts.Body, Email.Body, Tasks.Body],
  ...[ComposeMail.Mime, Email.MIMEData, Email2.UmUserNotes, ItemOperations.Data, Find.Preview, Settings.ReplyMessage],
  ...[Contacts.Picture, Gal.Data, ResolveRecipients.Data],
  ...[ItemOperations.Password, Search.Password, Settings.Password],
]);

/** Bytes longer than this are somebody's content, whatever the element: identifiers are shorter. */
const longestBytes = 64;

/** Shows of bodies and passwords only how long they are. */
export const maskContent: Redact = (tag, value) =>
  masked.has(tag) || (typeof value !== 'string' && value.length > longestBytes) ? `[${value.length}]` : undefined;
