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

export const scenarios: readonly Scenario[] = [
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
