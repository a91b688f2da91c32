import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, Contacts, element, FolderHierarchy } from '@oxtender/eas';
import type { Answer, Device, DeviceChange } from '@oxtender/eas-device';
import Sqlite from 'better-sqlite3';
import { expect } from 'chai';
import { copyFileSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DataFolder, HostProcess } from './support/host-process';
import { setUpPhone } from './support/phone';

const newContact = (name: string): DeviceChange => ({
  kind: 'add',
  clientId: name,
  data: [element(Contacts.LastName, name)],
});

/** ServerIds of what the phone has now. */
function serverIds(phone: Device): string[] {
  return [...phone.collection(phone.folderOfType(9)).items.keys()].sort();
}

async function addContact(phone: Device, name: string): Promise<string> {
  const { responses } = await phone.sync(phone.folderOfType(9), { changes: [newContact(name)] });
  expect(responses.map((each) => each.child(AirSync.Status)?.text)).to.deep.equal(['1']);
  return responses[0]!.child(AirSync.ServerId)!.text;
}

describe('oxtender backup and restore', function () {
  this.timeout(120_000);
  const cleanUp = new DisposableStore();
  const data = new DataFolder();
  const shelf = new DataFolder();
  const file = (name: string): string => join(shelf.path, name);
  let host: HostProcess;
  let database: string;

  before(async () => {
    cleanUp.add(data);
    cleanUp.add(shelf);
    host = await HostProcess.start(data.path);
    cleanUp.add(() => host[Symbol.asyncDispose]());
    const folder = join(data.path, 'bundles');
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
      name.endsWith('oxtender.sqlite'),
    );
    database = join(folder, found!);
  });
  after(() => cleanUp.dispose());

  it('save one moment under load, for the operator alone; phones go on and nothing is lost', async () => {
    const phones = await Promise.all(
      [1, 2, 3].map(async (number) => cleanUp.add(await setUpPhone(host, `BUSY${number}`))),
    );
    await Promise.all(phones.map((phone) => phone.syncAll(phone.folderOfType(9))));
    let saved = false;
    const saving = (async () => {
      for (const name of ['one', 'two', 'three']) await host.cli('backup', file(name));
    })().finally(() => (saved = true));
    const made = await Promise.all(
      phones.map(async (phone, index) => {
        const ids: string[] = [];
        while (!saved) ids.push(await addContact(phone, `busy${index}n${ids.length}`));
        return ids;
      }),
    );
    await saving;
    expect(made.flat().length).to.be.greaterThan(0);
    for (const name of ['one', 'two', 'three']) {
      expect(statSync(file(name)).mode & 0o777).to.equal(0o600);
      const copy = new Sqlite(file(name), { readonly: true });
      const journal = copy.pragma('journal_mode', { simple: true });
      const sessions = copy.prepare('SELECT count(*) AS n FROM USMSession').get();
      copy.close();
      expect({ journal, sessions }).to.deep.equal({ journal: 'delete', sessions: { n: 3 } });
    }
    expect(readdirSync(shelf.path).sort()).to.deep.equal(['one', 'three', 'two']);
    await Promise.all(phones.map((phone) => phone.syncAll(phone.folderOfType(9))));
    // A phone has what it was told, and what it made itself.
    const [first, ...others] = phones.map((phone, index) =>
      [...new Set([...serverIds(phone), ...made[index]!])].sort(),
    );
    for (const ids of made) expect(first).to.include.members(ids);
    for (const other of others) expect(other).to.deep.equal(first);
    expect(readdirSync(data.path).filter((name) => name.startsWith('.transfer'))).to.deep.equal([]);
  });

  it('do not overwrite a file, and are in the audit trail', async () => {
    const { status, text } = await host.cliOutcome('backup', file('one'));
    expect(status).to.equal(1);
    expect(text).to.include(`${file('one')} is there already`);
    expect(await host.cli('history')).to.match(/backup .*one +done/);
  });

  it('bring a phone back to where the backup was made, without a change lost or doubled', async () => {
    const phone = cleanUp.add(await setUpPhone(host, 'RESTORED'));
    const contacts = phone.folderOfType(9);
    await phone.syncAll(contacts);
    const before = await addContact(phone, 'before');
    await host.cli('backup', file('restored'));
    const after = await addContact(phone, 'after');
    const newcomer = cleanUp.add(await setUpPhone(host, 'NEWCOMER'));

    const planned = JSON.parse(await host.cli('restore', file('restored'), '--dry-run', '--json')) as {
      replaces: string;
    };
    expect(planned.replaces).to.equal(database);
    expect(await host.cli('devices', 'list')).to.include('NEWCOMER');
    const told = JSON.parse(await host.cli('restore', file('restored'), '--json')) as { kept: string };
    expect(existsSync(told.kept)).to.equal(true);
    expect(await host.cli('devices', 'list'))
      .to.include('RESTORED')
      .and.not.to.include('NEWCOMER');

    // The host no longer knows the key: the phone is told to begin anew, and has everything once.
    await phone.folderSync();
    expect((await phone.syncAll(contacts)).at(-1)!.status).to.equal(3);
    const collection = phone.collection(contacts);
    collection.syncKey = '0';
    collection.items.clear();
    expect((await phone.syncAll(contacts)).at(-1)!.status).to.equal(1);
    const names = [...phone.collection(contacts).items.values()].map((item) => item.child(Contacts.LastName)?.text);
    for (const name of ['before', 'after'])
      expect(
        names.filter((each) => each === name),
        name,
      ).to.have.lengthOf(1);
    expect(before).not.to.equal(after);
    await addContact(phone, 'later');
    await newcomer.provision();
    expect(statusOf(await newcomer.folderSync())).to.equal('9');
    newcomer.folderKey = '0';
    newcomer.folders.clear();
    expect(statusOf(await newcomer.folderSync())).to.equal('1');
    await newcomer.syncAll(newcomer.folderOfType(9));
    const all = [...newcomer.collection(newcomer.folderOfType(9)).items.values()];
    expect(all.filter((item) => item.child(Contacts.LastName)?.text === 'later')).to.have.lengthOf(1);
  });

  /** What a restore must refuse, or undo. */
  const bad: readonly { name: string; make: (path: string) => void; says: string }[] = [
    { name: 'no database', make: (path) => writeFileSync(path, 'no database '.repeat(500)), says: 'not a database' },
    {
      name: 'somebody else’s database',
      make: (path) => edit(path, 'CREATE TABLE other (id INTEGER)'),
      says: 'no backup of OXtender',
    },
    {
      name: 'a backup of a newer version',
      make: (path) => {
        copyFileSync(file('one'), path);
        edit(
          path,
          "INSERT INTO updateTask SELECT cid, schemaName, 'usm.of.tomorrow', 1, lastModified, 0, server, NULL FROM updateTask WHERE schemaName = 'usm' LIMIT 1",
        );
      },
      says: 'made by a newer usm (usm.of.tomorrow)',
    },
    {
      name: 'a damaged backup',
      make: (path) => {
        copyFileSync(file('one'), path);
        edit(path, 'PRAGMA writable_schema = ON', "UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'USMSession'");
      },
      says: 'damaged',
    },
    {
      name: 'a backup whose update tasks fail',
      make: (path) => {
        copyFileSync(file('one'), path);
        edit(path, "DELETE FROM updateTask WHERE schemaName = 'eas'", 'DROP TABLE version', 'CREATE TABLE version (x)');
      },
      says: 'belongs to another program',
    },
  ];
  for (const { name, make, says } of bad) {
    it(`leave everything as it was where they are given ${name}`, async () => {
      const path = file(`bad${bad.findIndex((each) => each.name === name)}`);
      make(path);
      const devices = await host.cli('devices', 'list');
      const files = readdirSync(dirname(database)).length;
      const { status, text } = await host.cliOutcome('restore', path);
      expect(status).to.equal(1);
      expect(text).to.include(says);
      await host.cli('health');
      expect(await host.cli('devices', 'list')).to.equal(devices);
      expect(readdirSync(dirname(database))).to.have.lengthOf(files);
      const phone = cleanUp.add(await setUpPhone(host, `STILL${bad.findIndex((each) => each.name === name)}`));
      expect((await phone.syncAll(phone.folderOfType(9))).at(-1)!.status).to.equal(1);
    });
  }
});

const statusOf = ({ element: root }: Answer): string | undefined => root?.child(FolderHierarchy.Status)?.text;

function edit(path: string, ...statements: readonly string[]): void {
  const database = new Sqlite(path);
  database.unsafeMode(true);
  for (const statement of statements) database.exec(statement);
  database.close();
}
