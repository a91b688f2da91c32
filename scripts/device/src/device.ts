import {
  AirSync,
  AirSyncBase,
  type Element,
  FolderHierarchy,
  GetItemEstimate,
  Ping,
  Provision,
  Settings,
  element,
} from '@oxtender/eas';
import { type Account, type Answer, type CommandOptions, Connection } from './connection';
import type { DeviceProfile } from './profile';

/** A folder as the device was told. Type: [MS-ASCMD] "Type (FolderSync)". */
export interface DeviceFolder {
  readonly serverId: string;
  readonly parentId: string;
  readonly displayName: string;
  readonly type: number;
}

/** A change that the device sends. */
export type DeviceChange =
  | { readonly kind: 'add'; readonly clientId: string; readonly data: readonly Element[] }
  | {
      readonly kind: 'change';
      readonly serverId: string;
      readonly data: readonly Element[];
      readonly instanceId?: string;
    }
  | { readonly kind: 'delete'; readonly serverId: string; readonly instanceId?: string }
  | { readonly kind: 'fetch'; readonly serverId: string };

/** What one Sync brought for one collection. */
export interface Round {
  readonly http: number;
  /** Status of the collection, or of the whole Sync; 1 for an empty answer. */
  readonly status: number;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
  readonly softDeleted: readonly string[];
  readonly responses: readonly Element[];
  readonly moreAvailable: boolean;
}

export interface SyncOptions {
  readonly changes?: readonly DeviceChange[];
  readonly windowSize?: number;
  readonly filterType?: number;
  readonly conflict?: number;
  readonly getChanges?: boolean;
  readonly deletesAsMoves?: boolean;
  readonly mimeSupport?: number;
}

/** One collection on the device. */
export class DeviceCollection {
  syncKey = '0';
  /** ApplicationData of each item, by ServerId. */
  readonly items = new Map<string, Element>();

  constructor(readonly folder: DeviceFolder) {}
}

/** Class of a folder type, for versions that say it in Sync. */
const classOfType: ReadonlyMap<number, string> = new Map([
  [7, 'Tasks'],
  [15, 'Tasks'],
  [8, 'Calendar'],
  [13, 'Calendar'],
  [9, 'Contacts'],
  [14, 'Contacts'],
  [10, 'Notes'],
  [17, 'Notes'],
]);

export function itemClassOf(folder: DeviceFolder): string {
  return classOfType.get(folder.type) ?? 'Email';
}

/** A device that keeps what it was told, as a phone does. */
export class Device implements AsyncDisposable {
  readonly connection: Connection;
  folderKey = '0';
  readonly folders = new Map<string, DeviceFolder>();
  readonly collections = new Map<string, DeviceCollection>();

  constructor(
    account: Account,
    readonly profile: DeviceProfile,
    deviceId: string,
  ) {
    this.connection = new Connection(account, profile, deviceId);
  }

  get version(): number {
    return Number(this.connection.version);
  }

  send(command: string, body?: Element, options?: CommandOptions): Promise<Answer> {
    return this.connection.command(command, body, options);
  }

  /** Takes the highest version that both speak. Returns the answer. */
  async options(): Promise<Answer> {
    const answer = await this.connection.options();
    const offered = String(answer.headers['ms-asprotocolversions'] ?? '').split(',');
    const usable = offered.filter((version) => version !== '' && Number(version) <= Number(this.profile.version));
    const best = usable.at(-1);
    if (best !== undefined) this.connection.version = best;
    return answer;
  }

  /** Both phases. Returns the last answer; the key is then in use. */
  async provision(): Promise<Answer> {
    const information = this.version >= 14.1 ? [this.#deviceInformation()] : [];
    const policyType = this.version < 12 ? 'MS-WAP-Provisioning-XML' : 'MS-EAS-Provisioning-WBXML';
    const type = element(Provision.PolicyType, policyType);
    this.connection.policyKey = '0';
    const asked = await this.send(
      'Provision',
      element(Provision.Provision, ...information, element(Provision.Policies, element(Provision.Policy, type))),
    );
    const temporary = policyKeyIn(asked.element);
    if (temporary === undefined) return asked;
    this.connection.policyKey = temporary;
    const acknowledged = await this.send(
      'Provision',
      element(
        Provision.Provision,
        element(
          Provision.Policies,
          element(Provision.Policy, type, element(Provision.PolicyKey, temporary), element(Provision.Status, 1)),
        ),
      ),
    );
    this.connection.policyKey = policyKeyIn(acknowledged.element) ?? temporary;
    return acknowledged;
  }

  async folderSync(): Promise<Answer> {
    const body = element(FolderHierarchy.FolderSync, element(FolderHierarchy.SyncKey, this.folderKey));
    const answer = await this.send('FolderSync', body);
    const root = answer.element;
    if (root?.child(FolderHierarchy.Status)?.text !== '1') return answer;
    this.folderKey = root.child(FolderHierarchy.SyncKey)?.text ?? this.folderKey;
    for (const change of root.child(FolderHierarchy.Changes)?.children ?? []) this.#takeFolder(change);
    return answer;
  }

  /** The folder of this type, for example 2 for the inbox. */
  folderOfType(type: number): DeviceFolder {
    const folder = [...this.folders.values()].find((candidate) => candidate.type === type);
    if (!folder) throw new Error(`no folder of type ${type}`);
    return folder;
  }

  collection(folder: DeviceFolder): DeviceCollection {
    let collection = this.collections.get(folder.serverId);
    if (!collection) this.collections.set(folder.serverId, (collection = new DeviceCollection(folder)));
    return collection;
  }

  /** One request for one collection; with key 0 the request that only asks for a key. */
  async sync(folder: DeviceFolder, options: SyncOptions = {}): Promise<Round> {
    const collection = this.collection(folder);
    const answer = await this.send('Sync', this.syncRequest([this.collectionElement(collection, options)]));
    return this.takeSync(collection, answer);
  }

  syncRequest(collections: readonly Element[], ...rest: readonly Element[]): Element {
    return element(AirSync.Sync, element(AirSync.Collections, collections), ...rest);
  }

  /** Order: [MS-ASCMD] "Collection (Sync)". */
  collectionElement(collection: DeviceCollection, options: SyncOptions = {}): Element {
    const initial = collection.syncKey === '0';
    const itemClass = itemClassOf(collection.folder);
    return element(
      AirSync.Collection,
      this.version <= 12.1 ? element(AirSync.Class, itemClass) : undefined,
      element(AirSync.SyncKey, collection.syncKey),
      element(AirSync.CollectionId, collection.folder.serverId),
      options.deletesAsMoves === undefined
        ? undefined
        : element(AirSync.DeletesAsMoves, options.deletesAsMoves ? '1' : '0'),
      initial || options.getChanges === undefined
        ? undefined
        : element(AirSync.GetChanges, options.getChanges ? '1' : '0'),
      initial ? undefined : element(AirSync.WindowSize, options.windowSize ?? this.profile.windowSize),
      this.#options(itemClass, options),
      options.changes?.length ? element(AirSync.Commands, options.changes.map(changeElement)) : undefined,
    );
  }

  /** Brings the device up to what an answer says. */
  takeSync(collection: DeviceCollection, answer: Answer): Round {
    const found = answer.element
      ?.child(AirSync.Collections)
      ?.children.find((each) => each.child(AirSync.CollectionId)?.text === collection.folder.serverId);
    const status = Number((found ?? answer.element)?.child(AirSync.Status)?.text ?? 1);
    if (found && status === 1) collection.syncKey = found.child(AirSync.SyncKey)?.text ?? collection.syncKey;
    if (status === 3) {
      collection.syncKey = '0';
      collection.items.clear();
    }
    const commands = found?.child(AirSync.Commands)?.children ?? [];
    for (const command of commands) takeItem(collection, command);
    const responses = found?.child(AirSync.Responses)?.children ?? [];
    const ids = (tag: Element['tag']) =>
      commands.filter((command) => command.tag === tag).map((command) => command.child(AirSync.ServerId)?.text ?? '');
    return {
      http: answer.status,
      status,
      added: ids(AirSync.Add),
      changed: ids(AirSync.Change),
      deleted: ids(AirSync.Delete),
      softDeleted: ids(AirSync.SoftDelete),
      responses,
      moreAvailable: found?.child(AirSync.MoreAvailable) !== undefined,
    };
  }

  /** From wherever the collection stands until nothing is left. Returns every round. */
  async syncAll(folder: DeviceFolder, options: SyncOptions = {}): Promise<Round[]> {
    const rounds: Round[] = [];
    if (this.collection(folder).syncKey === '0') rounds.push(await this.sync(folder, { ...options, changes: [] }));
    let round: Round;
    do {
      round = await this.sync(folder, rounds.length > 1 ? { ...options, changes: [] } : options);
      rounds.push(round);
    } while (round.moreAvailable && round.status === 1);
    return rounds;
  }

  /** [MS-ASCMD] "GetItemEstimate": the order of children differs up to 12.1. */
  async estimate(folder: DeviceFolder, filterType?: number): Promise<{ status: number; estimate: number }> {
    const { syncKey } = this.collection(folder);
    const key = element(AirSync.SyncKey, syncKey);
    const id = element(GetItemEstimate.CollectionId, folder.serverId);
    const filter = filterType === undefined ? undefined : element(AirSync.FilterType, filterType);
    const children =
      this.version <= 12.1
        ? [element(GetItemEstimate.Class, itemClassOf(folder)), id, filter, key]
        : [key, id, filter && element(AirSync.Options, filter)];
    const answer = await this.send(
      'GetItemEstimate',
      element(
        GetItemEstimate.GetItemEstimate,
        element(GetItemEstimate.Collections, element(GetItemEstimate.Collection, ...children)),
      ),
    );
    const response = answer.element?.child(GetItemEstimate.Response);
    return {
      status: Number(response?.child(GetItemEstimate.Status)?.text ?? 0),
      estimate: Number(response?.child(GetItemEstimate.Collection)?.child(GetItemEstimate.Estimate)?.text ?? 0),
    };
  }

  /** What {@link ping} sends. */
  pingRequest(folders: readonly DeviceFolder[], heartbeat: number): Element {
    const list = folders.map((folder) =>
      element(Ping.Folder, element(Ping.Id, folder.serverId), element(Ping.Class, itemClassOf(folder))),
    );
    return element(
      Ping.Ping,
      element(Ping.HeartbeatInterval, heartbeat),
      list.length > 0 ? element(Ping.Folders, list) : undefined,
    );
  }

  /** Waits for a change in the folders. */
  async ping(
    folders: readonly DeviceFolder[],
    heartbeat: number,
    signal?: AbortSignal,
  ): Promise<{ status: number; changed: string[] }> {
    const answer = await this.send('Ping', this.pingRequest(folders, heartbeat), signal ? { signal } : {});
    return {
      status: Number(answer.element?.child(Ping.Status)?.text ?? 0),
      changed: answer.element?.child(Ping.Folders)?.children.map((folder) => folder.text) ?? [],
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection[Symbol.asyncDispose]();
  }

  #deviceInformation(): Element {
    return element(
      Settings.DeviceInformation,
      element(
        Settings.Set,
        element(Settings.Model, this.profile.deviceType),
        element(Settings.OS, 'scripted'),
        element(Settings.UserAgent, this.profile.userAgent),
      ),
    );
  }

  #takeFolder(change: Element): void {
    const text = (tag: Element['tag']) => change.child(tag)?.text ?? '';
    const serverId = text(FolderHierarchy.ServerId);
    if (change.tag === FolderHierarchy.Delete) {
      this.folders.delete(serverId);
      this.collections.delete(serverId);
    } else if (change.tag === FolderHierarchy.Add || change.tag === FolderHierarchy.Update) {
      this.folders.set(serverId, {
        serverId,
        parentId: text(FolderHierarchy.ParentId),
        displayName: text(FolderHierarchy.DisplayName),
        type: Number(text(FolderHierarchy.Type)),
      });
    }
  }

  /** Order: [MS-ASCMD] "Options (Sync)" is a choice; devices send it so. */
  #options(itemClass: string, options: SyncOptions): Element | undefined {
    const children = [
      options.filterType === undefined ? undefined : element(AirSync.FilterType, options.filterType),
      options.conflict === undefined ? undefined : element(AirSync.Conflict, options.conflict),
      options.mimeSupport === undefined ? undefined : element(AirSync.MIMESupport, options.mimeSupport),
      ...this.#bodyPreferences(itemClass),
    ].filter((child) => child !== undefined);
    return children.length > 0 ? element(AirSync.Options, children) : undefined;
  }

  #bodyPreferences(itemClass: string): Element[] {
    if (this.version < 12) return [];
    const types = itemClass === 'Email' ? this.profile.bodyTypes : [1];
    return types.map((type) =>
      element(
        AirSyncBase.BodyPreference,
        element(AirSyncBase.Type, type),
        element(AirSyncBase.TruncationSize, this.profile.truncationSize),
      ),
    );
  }
}

function changeElement(change: DeviceChange): Element {
  switch (change.kind) {
    case 'add':
      return element(
        AirSync.Add,
        element(AirSync.ClientId, change.clientId),
        element(AirSync.ApplicationData, change.data),
      );
    case 'change':
      return element(
        AirSync.Change,
        element(AirSync.ServerId, change.serverId),
        change.instanceId === undefined ? undefined : element(AirSyncBase.InstanceId, change.instanceId),
        element(AirSync.ApplicationData, change.data),
      );
    case 'delete':
      return element(
        AirSync.Delete,
        element(AirSync.ServerId, change.serverId),
        change.instanceId === undefined ? undefined : element(AirSyncBase.InstanceId, change.instanceId),
      );
    case 'fetch':
      return element(AirSync.Fetch, element(AirSync.ServerId, change.serverId));
  }
}

/** An Add replaces; a Change replaces the elements that it brings; a Delete removes. */
function takeItem(collection: DeviceCollection, command: Element): void {
  const serverId = command.child(AirSync.ServerId)?.text ?? '';
  const data = command.child(AirSync.ApplicationData);
  if (command.tag === AirSync.Delete || command.tag === AirSync.SoftDelete) collection.items.delete(serverId);
  else if (data) {
    const known = command.tag === AirSync.Change ? collection.items.get(serverId) : undefined;
    collection.items.set(serverId, known ? merge(known, data) : data);
  }
}

function merge(known: Element, changed: Element): Element {
  const tags = new Set(changed.children.map((child) => child.tag));
  return element(known.tag, [...known.children.filter((child) => !tags.has(child.tag)), ...changed.children]);
}

function policyKeyIn(answer: Element | undefined): string | undefined {
  return answer?.child(Provision.Policies)?.child(Provision.Policy)?.child(Provision.PolicyKey)?.text;
}
