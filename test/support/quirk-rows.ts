import { type QuirkCheck, quirkChecks as check } from './quirk-checks';

/** One thing that real clients do, and what of it is shown where. */
export interface QuirkRow {
  /** How the observation begins. */
  readonly what: string;
  readonly source: string;
  /**
   * Shown on the wire; or `file: words of the test's name`, from the repository's root; or why it does not concern this
   * server.
   */
  readonly proof: QuirkCheck | readonly [file: string, name: string] | { readonly because: string };
}

const because = (reason: string) => ({ because: reason });
const quirks = (name: string) => ['bundles/eas/src/quirks/device-quirks.ts', name] as const;
const classes = (file: string, name: string) => [`bundles/eas/test/classes/${file}.test.ts`, name] as const;
const values = (file: string, name: string) => [`bundles/eas/test/values/${file}.test.ts`, name] as const;
const commands = (file: string, name: string) => [`bundles/eas/test/commands/${file}.test.ts`, name] as const;
const codec = (name: string) => ['bundles/eas/test/wbxml/codec.test.ts', name] as const;
const http = (file: string, name: string) => [`bundles/eas/test/http/${file}.test.ts`, name] as const;
const engine = (name: string) => ['bundles/usm/test/sync/exchange.test.ts', name] as const;
const system = (file: string, name: string) => [`test/${file}.test.ts`, name] as const;
const transcript = (path: string, words: string) => [`bundles/eas/test/transcripts/${path}.txt`, words] as const;

/** All or many clients. */
const everybody: readonly QuirkRow[] = [
  {
    what: 'Response to a Sync with changes is lost',
    source: 'ZP sync.php, loopdetection.php',
    proof: check.sameAnswerAfterALostOne,
  },
  {
    what: 'Client keeps asking with a key that was already answered with Status 3',
    source: 'H 2.11.0',
    proof: check.sameAnswerToALostKey,
  },
  {
    what: 'Same broken item sent again and again makes the client reset the folder',
    source: 'ZP loopdetection.php',
    proof: engine('skips an item that fails alone, and tries it again when it changes'),
  },
  {
    what: 'Connection time-outs differ by device',
    source: 'ZP request.php',
    proof: quirks('Samsung waits for a minute and a half'),
  },
  {
    what: 'Authorization header: most use UTF-8, Outlook uses ISO-8859-1',
    source: 'ZP request.php',
    proof: http('credentials', 'reads UTF-8, and ISO-8859-1 where it is none'),
  },
  {
    what: 'User name with or without domain',
    source: 'H 2.15.0, 2.28.5',
    proof: http('credentials', 'makes a login of DOMAIN\\\\user by the pattern'),
  },
  {
    what: 'Badly formed WBXML',
    source: 'H 2.39.5, 2.21.0',
    proof: codec('an element opened and closed where an empty one is meant'),
  },
  {
    what: 'Bad dates or dates in the other form',
    source: 'H 2.38.8; SG 4.0.5',
    proof: values('date-time', 'are read in either form'),
  },
  {
    what: 'SMS sent although no SMS was offered',
    source: 'H 2.8.0, 2.6.0',
    proof: commands('sync', 'take and drop short messages that nobody asked for'),
  },
  {
    what: 'Ping lists folders that were never synced',
    source: 'H 2.14.1',
    proof: ['bundles/usm/test/wait/wait.test.ts', 'knows nothing of folders that were never synced'],
  },
  {
    what: 'Ping or Sync on folders the server no longer has',
    source: 'H 2.39.5',
    proof: commands('ping', 'answers 7 for an unknown folder'),
  },
  {
    what: 'Empty folder without history must not count as "changed"',
    source: 'H 2.0.8, 2.6.0',
    proof: check.emptyFolderIsNoNews,
  },
  {
    what: 'FilterType changed in mid-use',
    source: 'H 2.15.0; SG 3.1.0',
    proof: engine('moves mails out of the filter softly, and in again'),
  },
  {
    what: 'Client counts WindowSize exactly',
    source: 'H 2.5.5',
    proof: engine('counts only what it tells against the window'),
  },
  { what: 'Read flag and follow-up flag arrive in one Change', source: 'ZP sync.php', proof: check.readAndFlagAtOnce },
  { what: 'Changes mirrored back to the sender', source: 'H 2.31.10, 2.4.0', proof: check.nothingComesBack },
  { what: 'Deleting or moving an item that is gone', source: 'H 2.2.0', proof: check.whatIsGoneIsGone },
  {
    what: 'Items vanished between list and export',
    source: 'H 2.7.3, 2.39.6',
    proof: engine('skips an item that fails alone'),
  },
  {
    what: 'Invalid UTF-8 or control characters',
    source: 'H 2.0.9; SG 4.3.0',
    proof: codec('leaves out what XML forbids and makes lone surrogates harmless'),
  },
  {
    what: 'Empty Body element crashes some',
    source: 'H 2.12.4',
    proof: classes('bodies', 'are left out when they are empty'),
  },
  {
    what: 'Element order matters to older clients',
    source: 'H 2.13.4, 2.12.3',
    proof: classes('golden', 'is as checked by hand'),
  },
  {
    what: 'Sender forms `"Name" <a@b>` in contact mail fields',
    source: 'GS mapiprovider.php',
    proof: values('mailbox-text', 'give the address of a contact, however the device wrote it'),
  },
  {
    what: 'E-mail lists with semicolons instead of commas',
    source: 'GS mapiprovider.php addRecips',
    proof: check.semicolonsBetweenRecipients,
  },
  {
    what: 'Client asks 0 ambiguous recipients in ResolveRecipients',
    source: 'GS grommunio.php',
    proof: check.theOnlyRecipientIsTold,
  },
  {
    what: 'Missing Importance is read as low',
    source: 'ZP syncmail.php',
    proof: classes('email', 'have what every device needs'),
  },
  {
    what: 'Attachment without size is not shown by Android',
    source: 'GS mapiprovider.php',
    proof: classes('email', 'have name, reference, method and size'),
  },
  {
    what: 'Embedded messages need a name ending in .eml',
    source: 'GS mapiprovider.php',
    proof: check.mailsWithinMailsAreNamed,
  },
  {
    what: 'Events without organizer or attendees confuse some',
    source: 'GS mapiprovider.php',
    proof: transcript('sync/calendar-14.1', '<Calendar:OrganizerEmail>'),
  },
  {
    what: '24 hour exception of an all-day series',
    source: 'GS mapiprovider.php',
    proof: classes('series', 'set AllDayEvent in exceptions of all-day series up to 14.1'),
  },
  {
    what: 'Birthday: see section 9',
    source: 'H Device.php',
    proof: values('birthday', 'are the date at the hour that the device expects'),
  },
  {
    what: 'Long ids: some servers and clients cut DeviceId at 32 characters',
    source: 'TB eas-provider.mjs',
    proof: because('ids of up to 64 characters are kept; a client that cuts its id sends the same one always'),
  },
  {
    what: 'Device ids that look like numbers or folder ids that are integers in text',
    source: 'H 2.9.0',
    proof: check.idsBeginWithALetter,
  },
  {
    what: 'X-MS-RP must not be sent in every OPTIONS answer',
    source: 'H 2.7.1',
    proof: check.nothingMakesADeviceBeginAnew,
  },
];

const ios: readonly QuirkRow[] = [
  {
    what: 'Crashes on a Sync answer with an empty Collections element',
    source: 'SG +Sync.m',
    proof: commands('sync', 'waits for folders when it has none'),
  },
  {
    what: 'Crashes or shows garbage on wrongly cut bodies and bad charsets',
    source: 'H 2.0.4, 2.0.9',
    proof: classes('bodies', 'are cut between characters'),
  },
  {
    what: 'Search and Find with empty Picture element',
    source: 'ZP search.php, GS search.php',
    proof: system('search', 'people are found and resolved'),
  },
  {
    what: 'Fetch of search results by LongId without CollectionId',
    source: 'SG Dispatcher.m',
    proof: system('search', 'a mail that was searched for can be fetched and answered'),
  },
  {
    what: 'iOS 10: a Range in the attachment answer that was not asked for',
    source: 'SG Dispatcher.m',
    proof: system('search', 'an attachment comes whole, in part, and beside the document'),
  },
  {
    what: 'MeetingResponse on the calendar folder (event id), also on an Inbox id',
    source: 'SG Dispatcher.m',
    proof: check.aRequestMailIsAnsweredInTheCalendar,
  },
  {
    what: 'Sends invitations (MeetingStatus 1) without organizer',
    source: 'SG iCalEvent',
    proof: classes('meetings', 'made by a device have the user as organizer'),
  },
  {
    what: '"Add to calendar" before the calendar sync makes a duplicate',
    source: 'SG +Sync.m',
    proof: check.anEventThatIsThereIsFound,
  },
  {
    what: 'ClientUid (16.x) is a GUID without dashes and with a trailing NUL',
    source: 'GS mapiprovider.php',
    proof: classes('meetings', 'take the id of a device from ClientUid in 16.x, without the NUL'),
  },
  {
    what: 'Drafts of 16.x come as a full MIME body',
    source: 'GS mapiprovider.php',
    proof: system('sending', 'is sent as the device wrote it when it is MIME'),
  },
  {
    what: 'Wrong ExceptionStartTime when an occurrence is moved',
    source: 'SG iCalEvent',
    proof: classes('series', 'take the time of an exception from the series when a device writes that of another zone'),
  },
  {
    what: 'Empty contacts Picture element removes pictures by accident',
    source: 'H 2.32.0, 2.30.0',
    proof: quirks('early iOS sends an empty Picture'),
  },
  {
    what: 'iOS 6: cancelled meeting without attendees',
    source: 'GS mapiprovider.php',
    proof: quirks('iOS 6 needs an attendee in a cancelled meeting'),
  },
  {
    what: 'MeetingStatus must always be sent',
    source: 'H 2.2.1',
    proof: classes('meetings', 'of nobody else are none'),
  },
  {
    what: 'Missing DateReceived shows the sync time',
    source: 'GS mapiprovider.php',
    proof: classes('email', 'have what every device needs'),
  },
  {
    what: 'Preview in the list comes from a short plain text body',
    source: 'GS mapiprovider.php',
    proof: values('html', 'a preview has no links, no pictures and no line ends'),
  },
  {
    what: 'DeadOccur inside Recurrence for tasks',
    source: 'ZP synctaskrecurrence.php, GS',
    proof: classes('task', 'that a device put aside as finished occurrences do not repeat'),
  },
  {
    what: 'After broken items were delivered repeatedly it asks for a fresh key',
    source: 'ZP loopdetection.php',
    proof: because(
      'an item that cannot be read is not sent at all, whatever the key; it is listed for user and operator',
    ),
  },
  {
    what: 'Policy key 0 in the acknowledge answer was refused',
    source: 'ZP provisioning.php',
    proof: commands('provision', 'hands out the policy with a temporary key, then the final one'),
  },
  {
    what: 'Several calendars, contact lists and task lists work',
    source: 'H Device.php',
    proof: quirks('iOS shows one folder of notes'),
  },
  {
    what: 'MIMESupport in Search requests',
    source: 'H 2.0.12',
    proof: ['bundles/eas/src/commands/search/request.ts', 'mimeSupport: optional'],
  },
  {
    what: '16.1: signed mail sent without visible recipients in To',
    source: 'GS doc/changelog.rst',
    proof: system('mail-round-trip', 'a signed message is sent, and sent on, with its signature'),
  },
];

const android: readonly QuirkRow[] = [
  {
    what: 'Account check uses device id `validate`',
    source: 'ZP and GS foldersync.php',
    proof: check.aCheckOfAnAccountLeavesNoDevice,
  },
  {
    what: 'Speaks 2.5 until OPTIONS told otherwise',
    source: 'AOSP Eas.java',
    proof: system('end-to-end', 'offers versions and commands'),
  },
  {
    what: 'Sends policy key 0 first and expects 449',
    source: 'AOSP EasServerConnection.java',
    proof: system('end-to-end', 'wants the device to be provisioned first'),
  },
  {
    what: 'Detects repeated "changes" without content in Ping',
    source: 'AOSP EasPing.java',
    proof: ['bundles/usm/test/wait/wait.test.ts', 'is not disturbed by what the device itself wrote'],
  },
  {
    what: 'Sync with heartbeat though no folder is enabled',
    source: 'ZP, GS sync.php',
    proof: commands('sync', 'waits for folders when it has none'),
  },
  {
    what: 'Heartbeat on the Outbox',
    source: 'ZP, GS sync.php',
    proof: because('OX has no outbox, so that none is offered'),
  },
  {
    what: '4.x needs Range and Total in GAL answers',
    source: 'ZP, GS search.php',
    proof: transcript('search/gal-14.1', '<Total>'),
  },
  {
    what: '6: Search without CollectionId',
    source: 'SG Dispatcher.m',
    proof: transcript('search/mailbox-16.1', '<FreeText>'),
  },
  {
    what: '4.3/4.4: ItemOperations parsing problems',
    source: 'H 2.10.0',
    proof: transcript('item-operations/14.1', '<Fetch>'),
  },
  {
    what: 'Before 4.4 one folder per class only',
    source: 'H Device.php, 2.14.1',
    proof: quirks('Android before 4, HTC and early Samsung have one folder of each class'),
  },
  {
    what: 'Samsung asks for SMS sync even if told there is none',
    source: 'H 2.4.0RC2',
    proof: commands('sync', 'take and drop short messages that nobody asked for'),
  },
  {
    what: 'Samsung birthday at 00:00 UTC',
    source: 'H Device.php',
    proof: quirks('Android expects birthdays at 08:00'),
  },
  {
    what: 'HTC: mail without Date header',
    source: 'H 2.24.0, 2.3.3',
    proof: ['bundles/eas/src/mail/sender.ts', "headers.add('Date'"],
  },
  {
    what: 'S Planner: free/busy off by 30 minutes',
    source: 'SG 3.2.5',
    proof: commands('availability', 'has for each half hour the highest of what overlaps it'),
  },
  {
    what: 'Wrong zone blobs',
    source: 'GS doc/changelog.rst; SG 4.0.5',
    proof: [
      'bundles/eas/test/values/time-zone/find-time-zone.test.ts',
      'takes the preferred zone among those with the same rules',
    ],
  },
  {
    what: 'Older Android (12 and lower, 14.1) sends incomplete appointments on edit',
    source: 'GS doc/changelog.rst',
    proof: quirks('Android up to 12 sends incomplete appointments on edit'),
  },
  {
    what: 'Gmail app and AOSP ask the user for device administrator rights',
    source: 'mail-in-a-box/mailinabox#607',
    proof: commands('provision', 'offers nothing, and lets everybody in, when no policy is wanted'),
  },
  {
    what: 'Gmail app: may leave out the OS field',
    source: 'H Device.php, 2.38.6',
    proof: ['bundles/eas/test/quirks/device-quirks.test.ts', "device('Android', 'Android-Gmail/2024.01')"],
  },
  {
    what: 'Blackberry on Android wants the full MIME message for signed mail',
    source: 'GS mapiprovider.php',
    proof: classes('bodies', 'go down where MIMESupport says so'),
  },
];

const nineAndTouchDown: readonly QuirkRow[] = [
  {
    what: 'Nine: drafts as MIME',
    source: 'GS mapiprovider.php; H 2.33.0',
    proof: system('sending', 'is sent as the device wrote it when it is MIME'),
  },
  {
    what: 'Nine uses the base64 query with 14.1',
    source: 'mailcow/mailcow-dockerized#1063, #4594',
    proof: http('request-line', 'shows the raw bytes of a GUID in hexadecimal, text as it is'),
  },
  {
    what: 'Nine and Samsung need own detection',
    source: 'H 2.19.2',
    proof: ['bundles/eas/test/quirks/device-quirks.test.ts', "vendorApp: 'nine'"],
  },
  {
    what: 'TouchDown: own DeviceType, treat dates as sent',
    source: 'H Device.php',
    proof: ['bundles/eas/test/quirks/device-quirks.test.ts', "vendorApp: 'touchdown'"],
  },
];

const outlook: readonly QuirkRow[] = [
  {
    what: 'Moves: client gets Add in the target and does not drop its own copy',
    source: 'SG Dispatcher.m, H 2.31.6',
    proof: system('lost-answers', 'is moved once, whether the answer or the host is lost'),
  },
  {
    what: 'MeetingResponse on the calendar folder with the id of the request mail',
    source: 'SG Dispatcher.m; H 2.12.2',
    proof: check.aRequestMailIsAnsweredInTheCalendar,
  },
  {
    what: 'Sends the iTIP answer itself',
    source: 'SG 3.2.1, 3.2.9',
    proof: system('meetings', 'are answered: by the server from 16.0, by the device before'),
  },
  {
    what: 'Puts an event with MeetingStatus 3 itself when MeetingResponse failed',
    source: 'SG iCalEvent',
    proof: check.anEventThatIsThereIsFound,
  },
  {
    what: 'Invitations: existing attendees without mail address',
    source: 'SG Dispatcher.m (2016)',
    proof: ['bundles/eas/src/classes/calendar/attendees.ts', 'filter(({ address }) => address)'],
  },
  {
    what: 'Adds a 15 minute (18 h for all-day) reminder by itself',
    source: 'SG iCalEvent',
    proof: because('a reminder is taken as it is sent'),
  },
  {
    what: 'Does not set AllDayEvent on recurring items of 24 hours and more',
    source: 'GS mapiprovider.php',
    proof: classes('all-day', 'are what Outlook means by a series of whole days'),
  },
  {
    what: 'Wants one contact folder',
    source: 'ZP changesmemorywrapper.php (ZP-907)',
    proof: quirks('Outlook shows one list of contacts'),
  },
  {
    what: 'Pings or syncs folders of unknown type',
    source: 'ZP ping.php, sync.php (ZP-907)',
    proof: because('folders of no known type are not offered'),
  },
  {
    what: 'A Collection answer with Status 8 for a missing folder is not understood',
    source: 'SG +Sync.m',
    proof: commands('sync', '12 for a folder that the device was never told of'),
  },
  {
    what: 'Connects even if provisioning is forced but cannot provision',
    source: 'H 2.4.0RC1',
    proof: commands('provision', 'none for a kind of device'),
  },
  {
    what: 'Quoted-printable lines must end CRLF',
    source: 'SG MailObject',
    proof: system('mail-round-trip', 'a signed message is sent'),
  },
  {
    what: 'Zero-length events are legal and written by Outlook',
    source: 'TB calendar-codec.mjs',
    proof: ['bundles/eas/src/classes/calendar/new-appointment.ts', 'any other may begin and end at once'],
  },
  {
    what: 'Note colours travel as categories',
    source: 'ZP syncnote.php',
    proof: because('the OX HTTP API has no notes'),
  },
  { what: 'Large first sync: memory and time', source: 'H 2.28.0', proof: ['docs/benchmarks.md', 'first Sync'] },
];

const microsoft: readonly QuirkRow[] = [
  {
    what: 'Outlook mobile: Search with CollectionId 0 means all folders',
    source: 'SG Dispatcher.m, 4.0.5; H 2.39.7',
    proof: ['bundles/eas/src/lookup/mail-search.ts', "collectionIds.includes('0')"],
  },
  {
    what: 'Outlook mobile uses a cloud service as EAS client',
    source: '-',
    proof: http('throttle', 'lets each device send so many requests in a minute'),
  },
  {
    what: 'Windows Mail/Calendar: only 12.1 and 14.0',
    source: '[MS-ASHTTP], [MS-ASPROV]',
    proof: commands('provision', 'offers nothing, and lets everybody in, when no policy is wanted'),
  },
  {
    what: 'Windows Phone 8: `Truncated` 0 must be left out',
    source: 'SG iCalEvent, iCalToDo, NGVCard',
    proof: ['bundles/eas/src/classes/body.ts', 'truncated ? element(AirSyncBase.Truncated, 1) : undefined'],
  },
  {
    what: 'Windows Phone: empty Responses element refused',
    source: 'SG +Sync.m, Dispatcher.m, iCalEvent',
    proof: commands('sync', 'gives a new key for key 0, and no commands'),
  },
  {
    what: 'Windows Phone 8.1: several calendars and task lists, one contact list',
    source: 'H Device.php',
    proof: quirks('Windows Phone 8.0 shows several lists of tasks'),
  },
  {
    what: 'Windows Phone needs Preview to show the text line',
    source: 'GS mapiprovider.php',
    proof: classes('bodies', 'have the preview that was asked for'),
  },
  {
    what: 'Windows Mobile: MoreAvailable must stand between Status and Commands',
    source: 'SG +Sync.m',
    proof: commands('sync', 'brings additions, changes, flags, deletions and soft deletions'),
  },
  {
    what: 'PocketPC: no user folders of PIM classes',
    source: 'H Device.php',
    proof: quirks('Windows Mobile has no other folders than mail folders'),
  },
  {
    what: 'Some Windows devices leave out the zone on event updates',
    source: 'SG iCalEvent',
    proof: classes('series', 'stay in their zone when a device leaves the zone out'),
  },
  {
    what: 'Windows Mobile birthday 00:00 UTC in winter, 01:00 in summer',
    source: 'H Device.php',
    proof: values('birthday', 'are dates in UTC, whatever the time'),
  },
];

const blackBerryAndNokia: readonly QuirkRow[] = [
  {
    what: 'BlackBerry 10: malformed WBXML',
    source: 'H 2.17.0, 2.33.2, Device.php',
    proof: quirks('BlackBerry expects birthdays at 11:00'),
  },
  {
    what: 'Nokia Mail for Exchange depends on the date form of each class',
    source: 'ZP streamer.php',
    proof: classes('golden', 'is as checked by hand'),
  },
  {
    what: 'Nokia needs FirstName in GAL answers even when empty',
    source: 'ZP search.php',
    proof: ['bundles/eas/src/lookup/gal-search.ts', "'firstName', 'always'"],
  },
];

/** Thunderbird (TbSync EAS), as its author saw servers behave. */
const thunderbird: readonly QuirkRow[] = [
  { what: 'Uses GAL Search with Range', source: 'TB', proof: transcript('search/gal-16.1', '<Range>') },
  {
    what: 'Exchange 16.1 takes one command per ServerId in a request',
    source: 'TB',
    proof: because('commands for one item are carried out in their order'),
  },
  {
    what: 'A cancelled occurrence in 16.x is Delete with InstanceId',
    source: 'TB',
    proof: ['bundles/eas/src/classes/calendar/appointment-change.ts', 'seriesOnly'],
  },
  {
    what: 'Exchange Online sends Timezone, UID, DtStamp',
    source: 'TB',
    proof: classes('golden', 'is as checked by hand'),
  },
  { what: 'All-day on the wire', source: 'TB', proof: classes('all-day', 'reach a user in') },
  {
    what: 'Exceptions in 16.1 leave out AllDayEvent',
    source: 'TB',
    proof: classes('series', 'set AllDayEvent in exceptions of all-day series up to 14.1'),
  },
  {
    what: 'StartTime equal to EndTime is accepted by Exchange',
    source: 'TB',
    proof: ['bundles/eas/src/classes/calendar/new-appointment.ts', 'any other may begin and end at once'],
  },
  {
    what: 'Z-Push, Kopano and grommunio send an all-zero zone blob',
    source: 'TB',
    proof: ['bundles/eas/test/values/time-zone/time-zone-rules.test.ts', 'are exact from 1970 to 2037'],
  },
  {
    what: 'Recurring tasks: up to 14.1 Exchange reads Recurrence Start as UTC',
    source: 'TB',
    proof: classes('task', 'write Start of a series as UTC up to 14.1, as local time from 16.0'),
  },
  {
    what: 'MeetingResponse is applied asynchronously by Exchange',
    source: 'TB',
    proof: because('here it is applied before the answer'),
  },
  {
    what: 'Wants Status and keys even when nothing changed on 2.5',
    source: 'TB',
    proof: commands('sync', 'is empty when nothing changed, from 12.1; before it has the keys'),
  },
];

/** By who does them. */
export const quirkRows: Readonly<Record<string, readonly QuirkRow[]>> = {
  'all or many clients': everybody,
  iOS: ios,
  'Android: AOSP, Samsung, Gmail, HTC': android,
  'Nine and TouchDown': nineAndTouchDown,
  'Outlook on the desktop': outlook,
  'Outlook for phones, Windows Mail, Windows Phone and Mobile': microsoft,
  'BlackBerry and Nokia': blackBerryAndNokia,
  Thunderbird: thunderbird,
};
