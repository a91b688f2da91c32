import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, FolderHierarchy } from '@oxtender/eas';
import { type CommandOptions, type Device, Device as ScriptedDevice, profiles } from '@oxtender/eas-device';
import { expect } from 'chai';
import { DataFolder, HostProcess } from './support/host-process';
import { alice, setUpPhone } from './support/phone';

/** `03 01 6A 00`: version 1.3, public id 1, UTF-8, no string table. */
const header = [0x03, 0x01, 0x6a, 0x00];
const limit = 1_000_000;

interface Case {
  readonly what: string;
  readonly command?: string;
  readonly body?: Uint8Array;
  readonly options?: CommandOptions;
  readonly http: number;
  /** Of the document, where the answer has one. */
  readonly status?: string;
  /** `code` in the log. */
  readonly code: string;
}

const cases: readonly Case[] = [
  {
    what: 'what is no WBXML',
    body: Buffer.from('<?xml version="1.0"?><Sync/>'),
    http: 200,
    status: '102',
    code: 'BAD_HEADER',
  },
  {
    what: 'a document of elements inside of each other',
    body: Buffer.from([...header, ...new Array<number>(100_000).fill(0x45)]),
    http: 200,
    status: '4',
    code: 'UNEXPECTED_ELEMENT',
  },
  {
    what: 'opaque data that is shorter than its length says',
    body: Buffer.from([...header, 0x45, 0x5c, 0x4f, 0x4b, 0xc3, 0xff, 0xff, 0xff, 0x7f, 0x31]),
    http: 200,
    status: '102',
    code: 'TRUNCATED',
  },
  {
    what: 'a body of a foreign type',
    options: { headers: { 'Content-Type': 'application/json' }, rawBody: Buffer.from('{}') },
    http: 200,
    status: '101',
    code: 'INVALID_CONTENT',
  },
  { what: 'a command that does not exist', command: 'Dance', http: 501, code: 'UNKNOWN_COMMAND' },
  {
    what: 'a version that does not exist',
    options: { headers: { 'MS-ASProtocolVersion': '99.7' } },
    http: 400,
    status: '138',
    code: 'VERSION_NOT_SUPPORTED',
  },
  { what: 'a body over the limit', body: Buffer.alloc(limit + 1), http: 413, code: 'BODY_TOO_LARGE' },
];

describe('bad input', function () {
  this.timeout(60_000);
  const cleanUp = new DisposableStore();
  const data = new DataFolder();
  let host: HostProcess;
  let device: Device;

  before(async () => {
    cleanUp.add(data);
    const set = { 'com.openexchange.usm.eas.max_request_size': String(limit) };
    host = await HostProcess.start(data.path, { set });
    cleanUp.add(() => host[Symbol.asyncDispose]());
    device = cleanUp.add(await setUpPhone(host, 'BADINPUT'));
  });

  after(() => cleanUp.dispose());

  /** The server goes on, and says in its log why it refused. */
  const expectRefusal = async (code: string, from: number): Promise<void> => {
    await host.logged((line) => line.includes(`"code":"${code}"`), from);
    expect((await device.send('FolderSync', undefined, { rawBody: folderSync(device.folderKey) })).status).to.equal(
      200,
    );
  };

  for (const { what, command = 'Sync', body, options, http, status, code } of cases) {
    it(`${what}: ${http}${status === undefined ? '' : `, status ${status}`}`, async () => {
      const from = host.log.length;
      const answer = await device.send(command, undefined, { ...(body && { rawBody: body }), ...options });
      expect(answer.status).to.equal(http);
      if (status !== undefined) expect(answer.element?.child(AirSync.Status)?.text).to.equal(status);
      await expectRefusal(code, from);
    });
  }

  it('a wrong password: 401 that asks for one, and the right one still works', async () => {
    const from = host.log.length;
    const other = cleanUp.add(
      new ScriptedDevice({ url: host.url, ...alice, password: 'wrong' }, profiles.ios, 'BADPASSWORD'),
    );
    const answer = await other.options();
    expect(answer.status).to.equal(401);
    expect(answer.headers['www-authenticate']).to.match(/^Basic /);
    await expectRefusal('AUTHENTICATION', from);
    expect(host.log.join('\n')).to.not.include('wrong"');
  });

  for (const deviceId of ['a,b', 'x'.repeat(200), 'Ü', "' OR 1=1 --"]) {
    it(`the device id ${deviceId.slice(0, 12)}: refused`, async () => {
      const from = host.log.length;
      const odd = cleanUp.add(new ScriptedDevice({ url: host.url, ...alice }, profiles.ios, deviceId));
      const answer = await odd.folderSync();
      expect(answer.status).to.equal(200);
      expect(answer.element?.child(FolderHierarchy.Status)?.text).to.equal('108');
      await expectRefusal('DEVICE_ID_MISSING_OR_INVALID', from);
    });
  }

  for (const syncKey of ['nonsense', '999999', '-1', '1'.repeat(64)]) {
    it(`the sync key ${syncKey.slice(0, 12)}: status 3, and the one that was valid still is`, async () => {
      const contacts = device.folderOfType(9);
      if (device.collection(contacts).syncKey === '0') await device.syncAll(contacts);
      const collection = device.collection(contacts);
      const valid = collection.syncKey;
      collection.syncKey = syncKey;
      const request = device.syncRequest([device.collectionElement(collection)]);
      collection.syncKey = valid;
      const answer = await device.send('Sync', request);
      const [refused] = answer.element?.child(AirSync.Collections)?.children ?? [];
      expect((refused ?? answer.element)?.child(AirSync.Status)?.text).to.equal('3');
      expect((await device.sync(contacts)).status).to.equal(1);
    });
  }
});

/** `<FolderSync><SyncKey>KEY</SyncKey></FolderSync>` */
function folderSync(key: string): Uint8Array {
  return Buffer.from([...header, 0x00, 0x07, 0x56, 0x52, 0x03, ...Buffer.from(key), 0x00, 0x01, 0x01]);
}
