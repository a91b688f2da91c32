import { AirSyncBase, Calendar, Email, type Element } from '@oxtender/eas';
import { Device, type DeviceChange, type DeviceProfile, type Round } from '@oxtender/eas-device';
import { OxClient } from './ox-client';

/** A user of the sandbox with a phone and the web front end. */
export class Person implements AsyncDisposable {
  private constructor(
    readonly address: string,
    public device: Device,
    readonly ox: OxClient,
  ) {}

  /** Sets up the phone, with mail and calendar on it. @param groupwareUrl - of the sandbox, if it is on another host */
  static async arrive(
    url: string,
    address: string,
    profile: DeviceProfile,
    deviceId: string,
    groupwareUrl = url,
  ): Promise<Person> {
    const device = new Device({ url, user: address, password: 'secret' }, profile, deviceId);
    await device.options();
    await device.provision();
    const { status, element } = await device.folderSync();
    if (device.folders.size === 0) throw new Error(`FolderSync: HTTP ${status}, ${element?.children[0]?.text ?? ''}`);
    const person = new Person(address, device, await OxClient.login(groupwareUrl, address));
    await person.sync();
    return person;
  }

  /** Brings inbox and calendar up to date; the inbox first, for what comes by mail goes into the calendar. */
  async sync(): Promise<void> {
    await this.device.syncAll(this.inbox);
    await this.device.syncAll(this.calendar);
  }

  get inbox() {
    return this.device.folderOfType(2);
  }

  get calendar() {
    return this.device.folderOfType(8);
  }

  /** The phone goes on at another address, with all that it knows. */
  async reconnect(next: Device): Promise<void> {
    const { device } = this;
    next.connection.policyKey = device.connection.policyKey;
    next.connection.version = device.connection.version;
    next.folderKey = device.folderKey;
    for (const [id, folder] of device.folders) next.folders.set(id, folder);
    for (const [id, collection] of device.collections) next.collections.set(id, collection);
    this.device = next;
    await device[Symbol.asyncDispose]();
  }

  async change(change: DeviceChange): Promise<Round> {
    const round = await this.device.sync(this.calendar, { changes: [change] });
    if (change.kind === 'delete' && change.instanceId === undefined && round.responses.length === 0)
      this.device.collection(this.calendar).items.delete(change.serverId);
    return round;
  }

  /** Mails of the inbox with that subject, as the device has them. */
  mails(subject: string): { serverId: string; data: Element }[] {
    return this.#items(this.device.collection(this.inbox).items, Email.Subject, subject);
  }

  /** Appointments with that title, as the device has them. */
  appointments(subject: string): { serverId: string; data: Element }[] {
    return this.#items(this.device.collection(this.calendar).items, Calendar.Subject, subject);
  }

  /** What a device shows of a meeting. */
  meeting(subject: string) {
    const [found] = this.appointments(subject);
    if (!found) return undefined;
    const { data, serverId } = found;
    const text = (tag: Element['tag']) => data.child(tag)?.text;
    const attendees = data.child(Calendar.Attendees)?.children ?? [];
    return {
      serverId,
      start: text(Calendar.StartTime),
      meetingStatus: text(Calendar.MeetingStatus),
      responseType: text(Calendar.ResponseType),
      attendees: Object.fromEntries(
        attendees.map((one): [string, string | undefined] => [
          one.child(Calendar.Email)?.text ?? '',
          one.child(Calendar.AttendeeStatus)?.text,
        ]),
      ),
      exceptions: (data.child(Calendar.Exceptions)?.children ?? []).map((one) => ({
        of: one.child(Calendar.ExceptionStartTime)?.text ?? one.child(AirSyncBase.InstanceId)?.text,
        deleted: one.child(Calendar.Deleted)?.text === '1',
        start: one.child(Calendar.StartTime)?.text,
      })),
      uid: text(Calendar.UID),
    };
  }

  /** The appointment as the web front end shows it. */
  async webMeeting(title: string) {
    const folder = await this.ox.folder('calendar');
    const columns = '1,200,201,221,226,223,206';
    const parameters = { folder, columns, start: '0', end: '4102444800000', recurrence_master: 'true' };
    const rows = (await this.ox.call('calendar', 'all', parameters)).data as unknown[][];
    return rows
      .filter((row) => row[1] === title)
      .map(([id, , start, users, confirmations, uid, series]) => ({
        id: String(id),
        start: Number(start),
        users: (users ?? []) as { display_name: string; confirm: number }[],
        confirmations: (confirmations ?? []) as { mail: string; status: number; message?: string }[],
        uid: String(uid),
        isException: Number(series ?? 0) > 0 && Number(series) !== Number(id),
      }));
  }

  /** Somebody outside writes to this person. */
  async receive(source: string | Uint8Array): Promise<void> {
    await this.ox.upload('mail', 'import', { folder: 'default0/INBOX', flags: '0' }, source);
  }

  /** ApplicationData of an item of the inbox or the calendar. */
  item(serverId: string): Element | undefined {
    return [this.inbox, this.calendar]
      .map((folder) => this.device.collection(folder).items.get(serverId))
      .find(Boolean);
  }

  /** The newest mail of the inbox, byte for byte. */
  async newestSource(folder = 'default0/INBOX'): Promise<Buffer> {
    const rows = (await this.ox.call('mail', 'all', { folder, columns: '600' })).data as string[][];
    const id = String(Math.max(...rows.map(([uid]) => Number(uid))));
    return this.ox.download('mail', 'get', { folder, id, src: '1', save: '1', unseen: 'true' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.device[Symbol.asyncDispose]();
  }

  #items(items: ReadonlyMap<string, Element>, tag: Element['tag'], text: string) {
    return [...items]
      .filter(([, data]) => data.child(tag)?.text === text)
      .map(([serverId, data]) => ({ serverId, data }));
  }
}
