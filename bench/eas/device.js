'use strict';
const {
  AirSync,
  AirSyncBase,
  FolderHierarchy,
  Ping,
  Provision,
  Settings,
  decode,
  element,
  encode,
} = require('@oxtender/eas');
const { httpRequest } = require('./line');

const endpoint = '/Microsoft-Server-ActiveSync';
const inbox = 2;
const contacts = 9;

/** A phone that speaks 16.1, as lean as its line. */
class BenchDevice {
  policyKey = '0';
  folderKey = '0';
  /** Ids of folders by their type. */
  folders = new Map();
  /** Sync keys by collection. */
  keys = new Map();

  constructor(login, id) {
    this.login = login;
    this.id = id;
    this.authorization = `Basic ${Buffer.from(`${login}:secret`).toString('base64')}`;
  }

  options() {
    return httpRequest('OPTIONS', endpoint, { Authorization: this.authorization });
  }

  request(command, body) {
    const query = new URLSearchParams({ Cmd: command, User: this.login, DeviceId: this.id, DeviceType: 'iPhone' });
    const headers = {
      Authorization: this.authorization,
      'User-Agent': 'Apple-iPhone17C3/2202.100',
      'MS-ASProtocolVersion': '16.1',
      'X-MS-PolicyKey': this.policyKey,
      ...(body && { 'Content-Type': 'application/vnd.ms-sync.wbxml' }),
    };
    return httpRequest('POST', `${endpoint}?${query}`, headers, body && Buffer.from(encode(body)));
  }

  folderSync() {
    return this.request(
      'FolderSync',
      element(FolderHierarchy.FolderSync, element(FolderHierarchy.SyncKey, this.folderKey)),
    );
  }

  sync(type, { windowSize = 512 } = {}) {
    const id = this.folders.get(type);
    const key = this.keys.get(id) ?? '0';
    const body = element(
      AirSyncBase.BodyPreference,
      element(AirSyncBase.Type, 1),
      element(AirSyncBase.TruncationSize, 2048),
    );
    const collection = element(
      AirSync.Collection,
      element(AirSync.SyncKey, key),
      element(AirSync.CollectionId, id),
      key === '0' ? undefined : element(AirSync.WindowSize, windowSize),
      element(AirSync.Options, body),
    );
    return this.request('Sync', element(AirSync.Sync, element(AirSync.Collections, collection)));
  }

  ping(types, heartbeat) {
    const folders = types.map((type) =>
      element(Ping.Folder, element(Ping.Id, this.folders.get(type)), element(Ping.Class, 'Email')),
    );
    return this.request(
      'Ping',
      element(Ping.Ping, element(Ping.HeartbeatInterval, heartbeat), element(Ping.Folders, folders)),
    );
  }

  /** Provision, in two phases, and the folders. */
  async setUp(line) {
    for (const acknowledges of [false, true]) {
      const policy = element(
        Provision.Policy,
        element(Provision.PolicyType, 'MS-EAS-Provisioning-WBXML'),
        acknowledges ? element(Provision.PolicyKey, this.policyKey) : undefined,
        acknowledges ? element(Provision.Status, 1) : undefined,
      );
      const information = element(Settings.DeviceInformation, element(Settings.Set, element(Settings.Model, 'iPhone')));
      const body = element(
        Provision.Provision,
        acknowledges ? undefined : information,
        element(Provision.Policies, policy),
      );
      const answer = await this.#ask(line, this.request('Provision', body));
      this.policyKey = answer.child(Provision.Policies).child(Provision.Policy).child(Provision.PolicyKey).text;
    }
    const answer = await this.#ask(line, this.folderSync());
    this.folderKey = answer.child(FolderHierarchy.SyncKey).text;
    for (const folder of answer.child(FolderHierarchy.Changes).children) {
      if (folder.tag !== FolderHierarchy.Add) continue;
      this.folders.set(Number(folder.child(FolderHierarchy.Type).text), folder.child(FolderHierarchy.ServerId).text);
    }
  }

  /** Synchronises a folder from wherever it stands until nothing is left. @returns items that came */
  async syncAll(line, type) {
    const id = this.folders.get(type);
    let items = 0;
    for (let more = true; more;) {
      const wasInitial = !this.keys.has(id);
      const answer = await line.send(this.sync(type));
      if (answer.status !== 200) throw new Error(`Sync: HTTP ${answer.status}`);
      if (answer.body.length === 0) return items;
      const collection = decode(answer.body).child(AirSync.Collections).child(AirSync.Collection);
      if (collection.child(AirSync.Status).text !== '1')
        throw new Error(`Sync: status ${collection.child(AirSync.Status).text}`);
      this.keys.set(id, collection.child(AirSync.SyncKey).text);
      items += collection.child(AirSync.Commands)?.children.length ?? 0;
      more = wasInitial || collection.child(AirSync.MoreAvailable) !== undefined;
    }
    return items;
  }

  async #ask(line, request) {
    const { status, body } = await line.send(request);
    if (status !== 200) throw new Error(`${request.latin1Slice(0, 80)}: HTTP ${status}`);
    return decode(body);
  }
}

module.exports = { BenchDevice, contacts, inbox };
