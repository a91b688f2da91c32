import { DisposableStore } from '@oxtender/bundle-api';
import {
  AirSync,
  AirSyncBase,
  Calendar,
  Contacts,
  type Element,
  Email,
  element,
  printXml,
  type Tag,
  Tasks,
} from '@oxtender/eas';
import { Device, type DeviceChange, type DeviceFolder, profiles } from '@oxtender/eas-device';
import { expect } from 'chai';
import fc from 'fast-check';
import { lost } from './support/carried';
import { DataFolder, HostProcess } from './support/host-process';
import { OxClient } from './support/ox-client';
import { alice } from './support/phone';
import { contacts, drafts, events, tasks, type WireItem, type WireItems } from './support/wire-items';

/** Most items of one request, and requests of one property. */
const batch = 12;
const numRuns = 4;

interface Kind {
  readonly items: WireItems;
  /** Type of the folder. */
  readonly folder: number;
  /** The element by whose text an item is found again. */
  readonly mark: Tag;
  /** What the older device changes. */
  readonly edit: Element;
}

const isOld = ['2.5', '12.0', '12.1', '14.0', '14.1'];
const versions = [...isOld, '16.0', '16.1'];

const kinds: Readonly<Record<string, Kind>> = {
  contacts: { items: contacts, folder: 9, mark: Contacts.FileAs, edit: element(Contacts.JobTitle, 'Edited') },
  tasks: { items: tasks, folder: 7, mark: Tasks.Subject, edit: element(Tasks.Importance, 2) },
  events: { items: events, folder: 8, mark: Calendar.Subject, edit: element(Calendar.Reminder, 45) },
  drafts: { items: drafts, folder: 3, mark: Email.Subject, edit: element(Email.Read, 1) },
};

for (const [module, names] of [
  ['legacy', ['contacts', 'tasks', 'events', 'drafts']],
  ['chronos', ['events']],
] as const) {
  describe(`items go round, with OX's module ${module}`, function () {
    this.timeout(300_000);
    const cleanUp = new DisposableStore();
    let host: HostProcess;
    const devices = new Map<string, Device>();
    let count = 0;

    before(async () => {
      const data = new DataFolder();
      cleanUp.add(data);
      const set = { 'com.openexchange.usm.eas.policy.required': 'false', 'ox.calendar': module };
      host = await HostProcess.start(data.path, { set });
      cleanUp.add(() => host[Symbol.asyncDispose]());
    });

    after(() => cleanUp.dispose());

    /** One of two devices of a version, of a kind that nothing is known of, up to date in its folder of a type. */
    async function arrive(version: string, type: number, which = 'A'): Promise<Side> {
      const id = `${which}${version.replace('.', 'x')}`;
      const device = devices.get(id) ?? newDevice(version, id);
      devices.set(id, device);
      await device.folderSync();
      const side = new Side(device, device.folderOfType(type));
      await side.sync();
      return side;
    }

    function newDevice(version: string, id: string): Device {
      const plain = { deviceType: 'RoundTrip', userAgent: 'round-trip/1', windowSize: 512, bodyTypes: [1] };
      return cleanUp.add(new Device({ url: host.url, ...alice }, { ...profiles.tbsync, ...plain, version }, id));
    }

    const marked = (makers: readonly ((mark: string) => WireItem)[]) =>
      new Map(makers.map((make): [string, WireItem] => [`mark ${(count += 1)}`, make(`mark ${count}`)]));

    for (const name of names) {
      const { items, folder, mark, edit } = kinds[name] as Kind;
      const batches = (version: string) => fc.array(items(Number(version)), { minLength: 1, maxLength: batch });

      for (const version of name === 'drafts' ? ['16.0', '16.1'] : versions) {
        it(`${name} of a ${version} device arrive on another as they were sent`, async () => {
          const [sender, receiver] = [await arrive(version, folder), await arrive(version, folder, 'B')];
          const goRound = fc.asyncProperty(batches(version), async (makers) => {
            const sent = marked(makers);
            await sender.add(sent);
            await receiver.sync();
            compare(sent, receiver.byMark(mark));
          });
          await fc.assert(goRound, { numRuns, endOnFailure: true });
        });
      }

      for (const version of name === 'drafts' ? [] : isOld) {
        it(`${name} of a 16.1 device survive the edit of a ${version} device`, async () => {
          const [young, old] = [await arrive('16.1', folder), await arrive(version, folder)];
          const survive = fc.asyncProperty(batches('16.1'), async (makers) => {
            const sent = marked(makers);
            await young.add(sent);
            await old.sync();
            const known = [...old.byMark(mark)].filter(([text]) => sent.has(text));
            await old.change(known.map(([, { serverId, data }]) => ({ serverId, data: edited(data, edit) })));
            await young.sync();
            const wanted = new Map([...sent].map(([text, data]) => [text, [...withoutTags(data, edit.tag), edit]]));
            compare(wanted, young.byMark(mark));
          });
          await fc.assert(survive, { numRuns, endOnFailure: true });
        });
      }
    }
  });
}

/** A device and its folder. */
class Side {
  constructor(
    readonly device: Device,
    readonly folder: DeviceFolder,
  ) {}

  async sync(): Promise<void> {
    await this.device.syncAll(this.folder);
  }

  async add(items: ReadonlyMap<string, WireItem>): Promise<void> {
    await this.#send([...items].map(([mark, data]) => ({ kind: 'add', clientId: mark.replace(' ', '-'), data })));
  }

  async change(items: readonly { serverId: string; data: WireItem }[]): Promise<void> {
    await this.#send(items.map(({ serverId, data }) => ({ kind: 'change', serverId, data })));
  }

  byMark(tag: Tag): Map<string, { serverId: string; data: Element }> {
    const { items } = this.device.collection(this.folder);
    return new Map([...items].map(([serverId, data]) => [data.child(tag)?.text ?? '', { serverId, data }]));
  }

  async #send(changes: readonly DeviceChange[]): Promise<void> {
    const { status, responses } = await this.device.sync(this.folder, { changes });
    const refused = responses.filter((response) => response.child(AirSync.Status)?.text !== '1');
    if (status !== 1 || refused.length > 0)
      throw new Error([`status ${status}`, ...refused.map((one) => printXml(one))].join('\n'));
  }
}

function compare(sent: ReadonlyMap<string, WireItem>, received: ReadonlyMap<string, { data: Element }>): void {
  for (const [mark, data] of sent) {
    const differences = lost(data, received.get(mark)?.data.children ?? []);
    const item = printXml(element(AirSync.ApplicationData, data));
    if (differences.length > 0) throw new Error([...differences, item].join('\n'));
  }
}

/** What an old device sends when its user changed one thing: all that it knows. */
function edited({ children }: Element, edit: Element): WireItem {
  const kept = withoutTags(children, edit.tag, AirSyncBase.NativeBodyType, AirSyncBase.Body);
  const body = children.find(({ tag }) => tag === AirSyncBase.Body);
  const sizes = [AirSyncBase.EstimatedDataSize, AirSyncBase.Truncated];
  return [...kept, ...(body ? [element(body.tag, withoutTags(body.children, ...sizes))] : []), edit];
}

const withoutTags = (elements: readonly Element[], ...tags: readonly Tag[]): Element[] =>
  elements.filter(({ tag }) => !tags.includes(tag));

/** Objects of the groupware with all that no device of 12.1 has a word for. */
const richObjects: readonly {
  readonly name: string;
  readonly module: 'contacts' | 'tasks' | 'calendar';
  readonly kind: keyof typeof kinds;
  readonly object: Readonly<Record<string, unknown>>;
  /** Beside the times of change: the fields that the edit is for. */
  readonly edited: readonly string[];
}[] = [
  {
    name: 'a contact',
    module: 'contacts',
    kind: 'contacts',
    object: {
      ...{
        display_name: 'Rich contact',
        file_as: 'Rich',
        last_name: 'Rich',
        profession: 'Judge',
        marital_status: 'single',
      },
      ...{ number_of_employees: '7', sales_volume: '8', tax_id: '9', commercial_register: '10', branches: '11' },
      ...{ business_category: '12', info: '13', cellular_telephone2: '14', telephone_other: '15', fax_other: '16' },
      ...{ telephone_isdn: '17', telephone_ip: '18', telephone_telex: '19', telephone_ttytdd: '20', userfield01: '21' },
      ...{ userfield20: '22', private_flag: true, color_label: 3, note: 'A note', number_of_children: '2' },
    },
    edited: ['position'],
  },
  {
    name: 'a task',
    module: 'tasks',
    kind: 'tasks',
    object: {
      ...{ title: 'Rich', status: 2, percent_completed: 40, priority: 1, note: 'A note', color_label: 4 },
      ...{ target_duration: '90', actual_duration: '30', target_costs: 7.5, actual_costs: 2.5, currency: 'EUR' },
      ...{ billing_information: 'bill', companies: 'Example', trip_meter: '12 km', categories: 'One,Two' },
    },
    edited: ['priority'],
  },
  {
    name: 'an appointment',
    module: 'calendar',
    kind: 'events',
    object: {
      ...{
        title: 'Rich',
        start_date: Date.UTC(2030, 0, 7, 9),
        end_date: Date.UTC(2030, 0, 7, 10),
        timezone: 'Asia/Tokyo',
      },
      ...{ location: 'Room 1', note: 'A note', shown_as: 3, categories: 'One', color_label: 5, alarm: 15, sequence: 0 },
    },
    edited: ['alarm'],
  },
];

describe('what a 12.1 device has no word for', function () {
  this.timeout(120_000);
  const cleanUp = new DisposableStore();
  let host: HostProcess;

  before(async () => {
    const data = new DataFolder();
    cleanUp.add(data);
    host = await HostProcess.start(data.path, { set: { 'com.openexchange.usm.eas.policy.required': 'false' } });
    cleanUp.add(() => host[Symbol.asyncDispose]());
  });

  after(() => cleanUp.dispose());

  for (const { name, module, kind, object, edited: changed } of richObjects) {
    it(`stays in ${name} of the web front end that it edits`, async () => {
      const { folder: type, mark, edit } = kinds[kind] as Kind;
      const ox = await OxClient.login(host.url, alice.user);
      const folder = await ox.folder(module);
      const { id } = (await ox.call(module, 'new', {}, { folder_id: folder, ...object })).data as { id: number };
      const read = async () => {
        const { data } = await ox.call(module, 'get', { folder, id: String(id) });
        return without(data as object, ['last_modified', 'last_modified_utc', 'modified_by', 'sequence', ...changed]);
      };
      const before = await read();
      const device = new Device({ url: host.url, ...alice }, { ...profiles.nokia, windowSize: 512 }, 'OLD');
      cleanUp.add(device);
      await device.folderSync();
      const side = new Side(device, device.folderOfType(type));
      await side.sync();
      const { serverId, data } = side.byMark(mark).get('Rich') ?? { serverId: '', data: edit };
      await side.change([{ serverId, data: edited(data, edit) }]);
      const { data: after } = await ox.call(module, 'get', { folder, id: String(id) });
      expect(await read()).to.deep.equal(before);
      expect(after).to.have.any.keys(...changed);
    });
  }
});

const without = (object: object, fields: readonly string[]): object =>
  Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
