import type { CommandName } from '../../src/protocol/command-codes';
import { isAtLeast, isWithin, type ProtocolVersion, protocolVersions, type VersionRange } from '../../src/protocol/versions';
import { complete, type Transcript } from './transcript';

/** What a device asks in each of many versions. Transcripts of it are made, where they are missing, by UPDATE_GOLDEN=1. */
interface Scenario extends VersionRange {
  /** Folder of its transcripts; each is named after its version. */
  readonly name: string;
  /** Beside the version, the first line of the transcript. */
  readonly about: string;
  readonly source: string;
  readonly world: string;
  readonly requests: readonly ScenarioRequest[];
}

interface ScenarioRequest extends VersionRange {
  readonly command: CommandName;
  /** Beyond what every request has. */
  readonly query?: string;
  readonly xml?: (version: ProtocolVersion) => string;
}

const hierarchy = (command: CommandName, ...children: readonly string[]): ScenarioRequest => ({
  command,
  xml: () => `<${command} xmlns="FolderHierarchy">${children.join('')}</${command}>`,
});
const syncKey = (key: string) => `<SyncKey>${key}</SyncKey>`;
const serverId = (id: string) => `<ServerId>${id}</ServerId>`;
const parentId = (id: string) => `<ParentId>${id}</ParentId>`;
const displayName = (name: string) => `<DisplayName>${name}</DisplayName>`;
const folderType = (type: number) => `<Type>${type}</Type>`;

/** Class stands in a Collection up to 12.1. */
const collection = (version: ProtocolVersion, id: string, key: string, rest = '') =>
  `<Collection>${isAtLeast(version, '14.0') ? '' : '<Class>Email</Class>'}<SyncKey>${key}</SyncKey><CollectionId>${id}</CollectionId>${rest}</Collection>`;
const sync = (
  collections: readonly (readonly [id: string, key: string, rest?: string])[],
  { after = '', ...range }: VersionRange & { after?: string } = {},
): ScenarioRequest => ({
  command: 'Sync',
  ...range,
  xml: (version) =>
    `<Sync xmlns="AirSync" xmlns:Email="Email"><Collections>${collections.map((one) => collection(version, ...one)).join('')}</Collections>${after}</Sync>`,
});
const change = (id: string) =>
  `<Commands><Change><ServerId>${id}</ServerId><ApplicationData><Email:Read>1</Email:Read></ApplicationData></Change></Commands>`;
const newMail =
  '<Commands><Add><ClientId>c1</ClientId><ApplicationData><Email:Subject>Hello</Email:Subject></ApplicationData></Add></Commands>';

const ping = (...children: readonly string[]): ScenarioRequest => ({
  command: 'Ping',
  xml: () => `<Ping xmlns="Ping">${children.join('')}</Ping>`,
});
const heartbeat = (seconds: number) => `<HeartbeatInterval>${seconds}</HeartbeatInterval>`;
const pingFolders = (...ids: readonly string[]) =>
  `<Folders>${ids.map((id) => `<Folder><Id>${id}</Id><Class>Email</Class></Folder>`).join('')}</Folders>`;

const move = (item: string, from: string, to: string): string =>
  `<Move><SrcMsgId>${item}</SrcMsgId><SrcFldId>${from}</SrcFldId><DstFldId>${to}</DstFldId></Move>`;

/** [MS-ASCMD] "GetItemEstimate": the order of a Collection is another one up to 12.1. */
const estimate = (key: string | undefined, id: string, filterType = 0): ScenarioRequest => ({
  command: 'GetItemEstimate',
  xml: (version) => {
    const filter = `<AirSync:FilterType>${filterType}</AirSync:FilterType>`;
    const keyText = key === undefined ? '' : `<AirSync:SyncKey>${key}</AirSync:SyncKey>`;
    const collection = isAtLeast(version, '14.0')
      ? `${keyText}<CollectionId>${id}</CollectionId><AirSync:Options>${filter}</AirSync:Options>`
      : `<Class>Email</Class><CollectionId>${id}</CollectionId>${filter}${keyText}`;
    return `<GetItemEstimate xmlns="GetItemEstimate" xmlns:AirSync="AirSync"><Collections><Collection>${collection}</Collection></Collections></GetItemEstimate>`;
  },
});

const galSearch = (query: string, range: string): ScenarioRequest => ({
  command: 'Search',
  xml: () =>
    `<Search xmlns="Search"><Store><Name>GAL</Name><Query>${query}</Query><Options><Range>${range}</Range></Options></Store></Search>`,
});

const changes = (...items: readonly string[]) =>
  `<Commands>${items.map((id) => `<Change><ServerId>${id}</ServerId><ApplicationData><Email:Read>1</Email:Read></ApplicationData></Change>`).join('')}</Commands>`;

const operations = (...children: readonly string[]): ScenarioRequest => ({
  command: 'ItemOperations',
  xml: () =>
    `<ItemOperations xmlns="ItemOperations" xmlns:AirSync="AirSync" xmlns:AirSyncBase="AirSyncBase">${children.join('')}</ItemOperations>`,
});
const fetchItem = (serverId: string) =>
  `<Fetch><Store>Mailbox</Store><AirSync:CollectionId>F1</AirSync:CollectionId><AirSync:ServerId>${serverId}</AirSync:ServerId></Fetch>`;
const fetchFile = (reference: string, options = '') =>
  `<Fetch><Store>Mailbox</Store><AirSyncBase:FileReference>${reference}</AirSyncBase:FileReference>${options}</Fetch>`;
const emptyContents = (id: string) =>
  `<EmptyFolderContents><AirSync:CollectionId>${id}</AirSync:CollectionId></EmptyFolderContents>`;

const mailboxSearch = (words: string): ScenarioRequest => ({
  command: 'Search',
  xml: () =>
    `<Search xmlns="Search"><Store><Name>Mailbox</Name><Query><And><FreeText>${words}</FreeText></And></Query></Store></Search>`,
});

const meetingAnswer = (collectionId: string, requestId: string): ScenarioRequest => ({
  command: 'MeetingResponse',
  xml: () =>
    `<MeetingResponse xmlns="MeetingResponse"><Request><UserResponse>1</UserResponse><CollectionId>${collectionId}</CollectionId><RequestId>${requestId}</RequestId></Request></MeetingResponse>`,
});

const availability = (...names: readonly string[]): ScenarioRequest => ({
  command: 'ResolveRecipients',
  xml: () =>
    `<ResolveRecipients xmlns="ResolveRecipients">${names.map((name) => `<To>${name}</To>`).join('')}<Options><MaxAmbiguousRecipients>60</MaxAmbiguousRecipients><Availability><StartTime>2026-11-23T09:00:00.000Z</StartTime><EndTime>2026-11-23T10:00:00.000Z</EndTime></Availability></Options></ResolveRecipients>`,
});

const composed = (command: CommandName, children: string): ScenarioRequest => ({
  command,
  xml: () =>
    `<${command} xmlns="ComposeMail" xmlns:RightsManagement="RightsManagement">${children}</${command}>`,
});
const template = '<RightsManagement:TemplateID>5f4b3a2c-1d0e-4f6a-8b7c-9d0e1f2a3b4c</RightsManagement:TemplateID>';
const original = '<Source><FolderId>F1</FolderId><ItemId>F1:1</ItemId></Source>';

/** What the groupware fails at or refuses. */
const troubles: readonly Scenario[] = [
  {
    name: 'folder-sync/troubles',
    about: 'FolderSync: the server fails (6), the groupware is out of order (HTTP 503).',
    source: '[MS-ASCMD] "Status (FolderSync)"',
    world: 'troubled',
    requests: [hierarchy('FolderSync', syncKey('broken')), hierarchy('FolderSync', syncKey('away'))],
  },
  {
    name: 'folder-create/troubles',
    about: 'FolderCreate: a place where the user has no right (3), the server fails (6), the groupware does not take the name (10), the mailbox is full (113, HTTP 507).',
    source: '[MS-ASCMD] "Status (FolderCreate)"',
    world: 'troubled',
    requests: ['Forbidden', 'Broken', 'Invalid', 'Full'].map((name) =>
      hierarchy('FolderCreate', syncKey('H1'), parentId('0'), displayName(name), folderType(12)),
    ),
  },
  {
    name: 'folder-update/troubles',
    about: 'FolderUpdate: a place where the user has no right (3), a folder that is gone (4), the server fails (6), the groupware does not take the name (10).',
    source: '[MS-ASCMD] "Status (FolderUpdate)"',
    world: 'troubled',
    requests: ['Forbidden', 'Gone', 'Broken', 'Invalid'].map((name) =>
      hierarchy('FolderUpdate', syncKey('H1'), serverId('F6'), parentId('0'), displayName(name)),
    ),
  },
  {
    name: 'folder-delete/troubles',
    about: 'FolderDelete: a folder to which the user has no right (3), one that is gone (4), the server fails (6).',
    source: '[MS-ASCMD] "Status (FolderDelete)"',
    world: 'troubled',
    requests: ['forbidden', 'gone', 'broken'].map((id) => hierarchy('FolderDelete', syncKey('H1'), serverId(id))),
  },
  {
    name: 'sync/troubles',
    about:
      'Sync: items in conflict (7), without space (9), without right and refused (6), gone (8), to be sent again (16); a busy folder (16), the server fails (5), a folder that is gone (12), the groupware is out of order (HTTP 503).',
    source: '[MS-ASCMD] "Status (Sync)"',
    world: 'troubled',
    requests: [
      sync([['F1', 'S2', changes('F1:conflict', 'F1:full', 'F1:forbidden', 'F1:invalid', 'F1:gone', 'F1:failed')]]),
      sync([['F2', 'S2']]),
      sync([['F3', 'S2']]),
      sync([['F4', 'S2']]),
      sync([['F5', 'S2']]),
    ],
  },
  {
    name: 'ping/troubles',
    about: 'Ping: the server fails (8), the groupware is out of order (HTTP 503).',
    source: '[MS-ASCMD] "Status (Ping)"',
    world: 'troubled',
    requests: [ping(heartbeat(600), pingFolders('F3')), ping(heartbeat(600), pingFolders('F5'))],
  },
  {
    name: 'get-item-estimate/troubles',
    about: 'GetItemEstimate: the server fails (110, HTTP 500), a folder that is gone (2), a busy one (133, HTTP 403), one without right (130, HTTP 403).',
    source: '[MS-ASCMD] "Status (GetItemEstimate)", "Common Status Codes"',
    world: 'troubled',
    requests: ['F3', 'F4', 'F2', 'F6'].map((id) => estimate('S1', id)),
  },
  {
    name: 'move-items/troubles',
    about: 'MoveItems: no right (2), it failed (5), gone (1); another request is at work on the folder (7); the server fails (110, HTTP 500).',
    source: '[MS-ASCMD] "Status (MoveItems)"',
    world: 'troubled',
    requests: [['forbidden', 'failed', 'gone'], ['busy'], ['broken']].map((words): ScenarioRequest => ({
      command: 'MoveItems',
      xml: () =>
        `<MoveItems xmlns="Move">${words.map((word) => move(`F1:${word}`, 'F1', 'F6')).join('')}</MoveItems>`,
    })),
  },
  {
    name: 'item-operations/troubles',
    about:
      'ItemOperations: an item and a file without right (16), both gone (6, 15), a folder without right (16), a range that is none (8), a conversation of which one mail cannot be moved (17), the server fails (3), more than 100 operations (11).',
    source: '[MS-ASCMD] "Status (ItemOperations)", "Limiting Size of Command Requests"',
    world: 'troubled',
    since: '12.0',
    requests: [
      operations(
        fetchItem('F1:forbidden'),
        fetchItem('F1:gone'),
        fetchFile('F1:1/forbidden'),
        fetchFile('F1:1/gone'),
        fetchFile('F1:1/1', '<Options><Range>9-3</Range></Options>'),
        emptyContents('F6'),
        emptyContents('F99'),
      ),
      {
        ...operations(
          `<Move><ConversationId opaque="base64">M/n+LCPSSNSMgONNDHsfOw==</ConversationId><DstFldId>F8</DstFldId><Options><MoveAlways/></Options></Move>`,
        ),
        since: '14.0',
      },
      operations(fetchItem('F1:broken')),
      operations(...Array.from({ length: 101 }, () => fetchItem('F1:1'))),
    ],
  },
  {
    name: 'search/troubles',
    about: 'Search: a folder that went away (11), no right (5), the server fails (3); the same of the address list.',
    source: '[MS-ASCMD] "Status (Search)"',
    world: 'troubled',
    since: '12.0',
    requests: [
      mailboxSearch('gone'),
      mailboxSearch('forbidden'),
      mailboxSearch('broken'),
      galSearch('forbidden', '0-9'),
      galSearch('broken', '0-9'),
    ],
  },
  {
    name: 'resolve-recipients/troubles',
    about: 'ResolveRecipients: the server fails (6).',
    source: '[MS-ASCMD] "Status (ResolveRecipients)"',
    world: 'troubled',
    requests: [
      {
        command: 'ResolveRecipients',
        xml: () => '<ResolveRecipients xmlns="ResolveRecipients"><To>broken</To></ResolveRecipients>',
      },
    ],
  },
  {
    name: 'resolve-recipients/availability',
    about:
      'ResolveRecipients: times of a group of more than twenty (161), of somebody whose times cannot be read now (162) or ever (163), of more than a hundred people (160).',
    source: '[MS-ASCMD] "Status (ResolveRecipients)", "Common Status Codes"',
    world: 'troubled',
    since: '14.0',
    requests: [
      availability('crowd', 'away@example.com', 'forbidden@example.com'),
      availability('many', 'many', 'many'),
    ],
  },
  {
    name: 'send-mail/refused',
    about: 'SendMail: from an account that there is not (166), with a template of rights management (168), without ClientId (103), no mail at all (107).',
    source: '[MS-ASCMD] "SendMail", "Common Status Codes"; [MS-ASRM] "TemplateID"',
    world: 'sending',
    since: '14.1',
    requests: [
      composed('SendMail', '<ClientId>r1</ClientId><AccountId>other</AccountId><Mime>Subject: x</Mime>'),
      composed('SendMail', `<ClientId>r2</ClientId><Mime>Subject: x</Mime>${template}`),
      composed('SendMail', '<Mime>Subject: x</Mime>'),
      composed('SendMail', '<ClientId>r3</ClientId><Mime>?</Mime>'),
    ],
  },
  ...(['SmartReply', 'SmartForward'] as const).map((command): Scenario => ({
    name: `${command === 'SmartReply' ? 'smart-reply' : 'smart-forward'}/refused`,
    about: `${command}: from an account that there is not (166), with a template (168), without a source (103), an InstanceId that is no date (104), no mail at all (107), to nobody (119), refused by the server (120), too many mails (115).`,
    source: `[MS-ASCMD] "${command}", "Common Status Codes"`,
    world: 'sending',
    since: '14.1',
    requests: [
      composed(command, `<ClientId>r1</ClientId><AccountId>other</AccountId>${original}<Mime>Subject: x</Mime>`),
      composed(command, `<ClientId>r2</ClientId>${original}<Mime>Subject: x</Mime>${template}`),
      composed(command, '<ClientId>r3</ClientId><Mime>Subject: x</Mime>'),
      composed(command, `<ClientId>r4</ClientId><Source><FolderId>F3</FolderId><ItemId>F3:2</ItemId><InstanceId>soon</InstanceId></Source><Mime>Subject: x</Mime>`),
      composed(command, `<ClientId>r5</ClientId>${original}<Mime>?</Mime>`),
      composed(command, `<ClientId>r6</ClientId>${original}<Mime>Subject: x\n\nx</Mime>`),
      composed(command, `<ClientId>r7</ClientId>${original}<Mime>Subject: x\nTo: refused@example.com\n\nx</Mime>`),
      composed(command, `<ClientId>r8</ClientId>${original}<Mime>Subject: x\nTo: full@example.com\n\nx</Mime>`),
    ],
  })),
  {
    name: 'smart-forward/files',
    about: 'SmartForward of a mail with a file that is gone (121, HTTP 500).',
    source: '[MS-ASCMD] "SmartForward", "Common Status Codes"',
    world: 'sending',
    since: '14.0',
    requests: [
      composed('SmartForward', '<ClientId>f1</ClientId><Source><FolderId>F1</FolderId><ItemId>F1:4</ItemId></Source><Mime>Subject: x\nTo: bob@example.com\n\nx</Mime>'),
    ],
  },
  {
    name: 'send-mail/no-store',
    about: 'SendMail of a user whose groupware has no mail (123).',
    source: '[MS-ASCMD] "SendMail", "Common Status Codes"',
    world: 'standard',
    since: '14.0',
    requests: [composed('SendMail', '<ClientId>n1</ClientId><Mime>Subject: x\nTo: bob@example.com\n\nx</Mime>')],
  },
  {
    name: 'sync/classes',
    about: 'Sync: a class that there is not (147, HTTP 400).',
    source: '[MS-ASCMD] "Class (Sync)", "Common Status Codes"',
    world: 'standard',
    requests: [sync([['F1', 'S2', '<Options><Class>Faxes</Class></Options>']])],
  },
  {
    name: 'folder-sync/limit',
    about: 'FolderSync and FolderCreate of somebody who has more folders than there may be (151, HTTP 403).',
    source: '[MS-ASCMD] "Common Status Codes"',
    world: 'many folders',
    requests: [
      hierarchy('FolderSync', syncKey('0')),
      hierarchy('FolderCreate', syncKey('H1'), parentId('0'), displayName('Projects'), folderType(12)),
    ],
  },
  {
    name: 'search/no-store',
    about: 'Search of an address list that the groupware has not (6).',
    source: '[MS-ASCMD] "Status (Search)"',
    world: 'standard',
    requests: [galSearch('anna', '0-9')],
  },
  {
    name: 'settings/no-store',
    about: 'Settings: out of office in a groupware that has none (3).',
    source: '[MS-ASCMD] "Status (Settings)"',
    world: 'standard',
    since: '12.0',
    requests: [
      {
        command: 'Settings',
        xml: () => '<Settings xmlns="Settings"><Oof><Get><BodyType>Text</BodyType></Get></Oof></Settings>',
      },
    ],
  },
  {
    name: 'settings/troubles',
    about: 'Settings: out of office cannot be read (4), the rest of the request is answered all the same.',
    source: '[MS-ASCMD] "Status (Settings)"',
    world: 'troubled',
    since: '12.0',
    requests: [
      {
        command: 'Settings',
        xml: () =>
          '<Settings xmlns="Settings"><Oof><Get><BodyType>Text</BodyType></Get></Oof><UserInformation><Get/></UserInformation></Settings>',
      },
    ],
  },
  {
    name: 'meeting-response/troubles',
    about: 'MeetingResponse: a calendar that cannot be written to (3), the server fails (4).',
    source: '[MS-ASCMD] "Status (MeetingResponse)"',
    world: 'sending',
    requests: [meetingAnswer('F3', 'F3:4'), meetingAnswer('F3', 'F3:5')],
  },
];

export const scenarios: readonly Scenario[] = [
  ...troubles,
  {
    name: 'folder-create',
    about: 'FolderCreate: done (1), a name that is taken (2), an unknown parent (5), an unknown key (9), a default type and no name (10).',
    source: '[MS-ASCMD] "FolderCreate", "Status (FolderCreate)"',
    world: 'standard',
    requests: [
      hierarchy('FolderCreate', syncKey('H1'), parentId('0'), displayName('Projects'), folderType(12)),
      hierarchy('FolderCreate', syncKey('H1'), parentId('0'), displayName('Team'), folderType(13)),
      hierarchy('FolderCreate', syncKey('H1'), parentId('F99'), displayName('Projects'), folderType(12)),
      hierarchy('FolderCreate', syncKey('lost'), parentId('0'), displayName('Projects'), folderType(12)),
      hierarchy('FolderCreate', syncKey('H1'), parentId('0'), displayName('Projects'), folderType(2)),
      hierarchy('FolderCreate', syncKey('H1'), parentId('0'), folderType(12)),
    ],
  },
  {
    name: 'folder-update',
    about: 'FolderUpdate: done (1), a default folder and a name that is taken (2), an unknown folder (4), an unknown parent (5), an unknown key (9), no key (10).',
    source: '[MS-ASCMD] "FolderUpdate", "Status (FolderUpdate)"',
    world: 'standard',
    requests: [
      hierarchy('FolderUpdate', syncKey('H1'), serverId('F6'), parentId('0'), displayName('All')),
      hierarchy('FolderUpdate', syncKey('H1'), serverId('F1'), parentId('0'), displayName('All')),
      hierarchy('FolderUpdate', syncKey('H1'), serverId('F6'), parentId('0'), displayName('Calendar')),
      hierarchy('FolderUpdate', syncKey('H1'), serverId('F99'), parentId('0'), displayName('All')),
      hierarchy('FolderUpdate', syncKey('H1'), serverId('F6'), parentId('F99'), displayName('All')),
      hierarchy('FolderUpdate', syncKey('lost'), serverId('F6'), parentId('0'), displayName('All')),
      hierarchy('FolderUpdate', serverId('F6'), parentId('0'), displayName('All')),
    ],
  },
  {
    name: 'folder-delete',
    about: 'FolderDelete: done (1), a default folder (3), an unknown folder (4), an unknown and an empty key (9), no ServerId (10).',
    source: '[MS-ASCMD] "FolderDelete", "Status (FolderDelete)"',
    world: 'standard',
    requests: [
      hierarchy('FolderDelete', syncKey('H1'), serverId('F6')),
      hierarchy('FolderDelete', syncKey('H1'), serverId('F1')),
      hierarchy('FolderDelete', syncKey('H1'), serverId('F99')),
      hierarchy('FolderDelete', syncKey('lost'), serverId('F6')),
      hierarchy('FolderDelete', '<SyncKey/>', serverId('F6')),
      hierarchy('FolderDelete', syncKey('H1')),
    ],
  },
  {
    name: 'folder-sync/statuses',
    about: 'FolderSync: an unknown key (9), no key (10).',
    source: '[MS-ASCMD] "FolderSync", "Status (FolderSync)"',
    world: 'standard',
    requests: [hierarchy('FolderSync', syncKey('lost')), hierarchy('FolderSync')],
  },
  {
    name: 'sync/statuses',
    about:
      'Sync: an empty request that follows none (13), an unknown key (3), key 0 with GetChanges (4), a mail in the inbox (6) and one that is gone (8), an unknown folder (12), intervals out of range (14), two intervals (4), too many folders (15).',
    source: '[MS-ASCMD] "Sync", "Status (Sync)", "Empty Sync Request"',
    world: 'standard',
    requests: [
      { command: 'Sync', since: '12.1' },
      sync([['F1', 'lost']]),
      sync([['F1', '0', '<GetChanges/>']]),
      sync([['F1', 'S2', newMail]]),
      sync([['F1', 'S2', change('F1:99')]]),
      sync([['F99', 'S2']]),
      sync([['F1', 'S2']], { after: '<Wait>60</Wait>', since: '12.1' }),
      sync([['F1', 'S2']], { after: '<HeartbeatInterval>10</HeartbeatInterval>', since: '14.0' }),
      sync([['F1', 'S2']], {
        after: '<Wait>5</Wait><HeartbeatInterval>300</HeartbeatInterval>',
        since: '14.0',
      }),
      sync(['F1', 'F2', 'F3', 'F4'].map((id) => [id, 'S2'])),
    ],
  },
  {
    name: 'ping/statuses',
    about:
      'Ping: nothing said yet, and no folders (3), a folder without an id (4), intervals out of range (5), too many folders (6), an unknown folder (7), no news (1), news (2), as before (2).',
    source: '[MS-ASCMD] "Ping", "Status (Ping)"',
    world: 'standard',
    requests: [
      { command: 'Ping' },
      ping(heartbeat(600)),
      ping(heartbeat(600), '<Folders><Folder><Class>Email</Class></Folder></Folders>'),
      ping(heartbeat(10), pingFolders('F1')),
      ping(heartbeat(4000), pingFolders('F1')),
      ping(heartbeat(600), pingFolders('F1', 'F2', 'F3', 'F4')),
      ping(heartbeat(600), pingFolders('F99')),
      ping(heartbeat(600), pingFolders('F2')),
      ping(heartbeat(600), pingFolders('F1')),
      { command: 'Ping' },
    ],
  },
  {
    name: 'move-items/statuses',
    about:
      'MoveItems: done (3), an unknown item (1), an unknown folder (2), to where it is (4), to two folders (5).',
    source: '[MS-ASCMD] "MoveItems", "Status (MoveItems)"',
    world: 'standard',
    requests: [
      {
        command: 'MoveItems',
        xml: () =>
          `<MoveItems xmlns="Move">${move('F1:1', 'F1', 'F6')}${move('F1:99', 'F1', 'F6')}${move('F2:1', 'F2', 'F99')}${move('F3:1', 'F3', 'F3')}${move('F4:1', 'F4', 'F1')}${move('F4:1', 'F4', 'F2')}</MoveItems>`,
      },
    ],
  },
  {
    name: 'get-hierarchy',
    about: 'GetHierarchy: the mail folders.',
    source: '[MS-ASCMD] "GetHierarchy"',
    world: 'lookup',
    until: '12.1',
    requests: [{ command: 'GetHierarchy' }],
  },
  {
    name: 'get-hierarchy/not-in',
    about: 'GetHierarchy is no longer known (HTTP 501).',
    source: '[MS-ASCMD] "Common Status Codes"',
    world: 'lookup',
    since: '14.0',
    requests: [{ command: 'GetHierarchy' }],
  },
  {
    name: 'get-attachment',
    about: 'GetAttachment: a file, then one that is not there (HTTP 500).',
    source: '[MS-ASCMD] "GetAttachment"',
    world: 'files',
    until: '12.1',
    requests: [
      { command: 'GetAttachment', query: '&AttachmentName=F1:19/2' },
      { command: 'GetAttachment', query: '&AttachmentName=nothing' },
    ],
  },
  {
    name: 'get-item-estimate',
    about: 'GetItemEstimate: one item, an unknown collection and a filter that mails have not (2), a collection that was never begun (3), an unknown key (4), no key.',
    source: '[MS-ASCMD] "GetItemEstimate", "Status (GetItemEstimate)"',
    world: 'standard',
    requests: [
      estimate('S1', 'F1'),
      estimate('S1', 'F99'),
      estimate('S1', 'F1', 8),
      estimate('0', 'F1'),
      estimate('lost', 'F1'),
      estimate(undefined, 'F1'),
    ],
  },
  {
    name: 'search/people',
    about: 'Search of the address list: two people, nobody, a range that is none.',
    source: '[MS-ASCMD] "Search", "Range (Search)"',
    world: 'lookup',
    requests: [galSearch('smith', '0-99'), galSearch('nobody', '0-99'), galSearch('smith', '5-2')],
  },
  {
    name: 'settings/not-in',
    about: 'Settings is not known yet (HTTP 501).',
    source: '[MS-ASCMD] "Common Status Codes"',
    world: 'lookup',
    until: '2.5',
    requests: [
      {
        command: 'Settings',
        xml: () => '<Settings xmlns="Settings"><UserInformation><Get/></UserInformation></Settings>',
      },
    ],
  },
  {
    name: 'resolve-recipients/names',
    about: 'ResolveRecipients: an address, an ambiguous name, an unknown one.',
    source: '[MS-ASCMD] "ResolveRecipients"',
    world: 'lookup',
    requests: [
      {
        command: 'ResolveRecipients',
        xml: () =>
          '<ResolveRecipients xmlns="ResolveRecipients"><To>bob@example.com</To><To>smith</To><To>nobody</To></ResolveRecipients>',
      },
    ],
  },
  {
    name: 'validate-cert/malformed',
    about: 'ValidateCert: what is no certificate (10).',
    source: '[MS-ASCMD] "ValidateCert"',
    world: 'lookup',
    requests: [
      {
        command: 'ValidateCert',
        xml: () =>
          '<ValidateCert xmlns="ValidateCert"><Certificates><Certificate>AAAA</Certificate></Certificates></ValidateCert>',
      },
    ],
  },
];

/** The scenarios' transcripts, without answers, by name. */
export function begunTranscripts(): ReadonlyMap<string, Transcript> {
  const all = scenarios.flatMap((scenario) =>
    protocolVersions
      .filter((version) => isWithin(version, scenario))
      .map((version): [string, Transcript] => [`${scenario.name}${scenario.name.includes('/') ? '-' : '/'}${version}`, begin(scenario, version)]),
  );
  return new Map(all);
}

function begin({ about, source, world, requests }: Scenario, version: ProtocolVersion): Transcript {
  return {
    about: `In ${version}: ${about}`,
    source: `${source}; a scenario.`,
    world,
    exchanges: requests.filter((request) => isWithin(version, request)).map(({ command, query = '', xml }) => ({
      request: complete({
        line: `POST /Microsoft-Server-ActiveSync?Cmd=${command}&User=anna&DeviceId=D1&DeviceType=test${query}`,
        headers: { 'MS-ASProtocolVersion': version },
        ...(xml && { xml: xml(version) }),
      }),
    })),
  };
}
