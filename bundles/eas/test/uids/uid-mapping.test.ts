import { type Appointment, DisposableStore, type DeviceRecord } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { Sync } from '../../src/commands/sync/sync';
import { deviceUid } from '../../src/uids/device-uid';
import { easSchema } from '../../src/tables/database-schema';
import { StoredUidMapping } from '../../src/uids/uid-mapping';
import { AirSync, Calendar, type Element, element } from '../../src/wbxml';
import { ScriptedSession, execute, services } from '../commands/scripted-call';
import { connected, databases } from '../tables/databases';

const long = `${'0123456789'.repeat(40)}@example.org`;
const anna = { contextId: 1, userId: 3 };
const bob = { contextId: 1, userId: 4 };

describe('UIDs of events that are too long for devices', () => {
  for (const [name, settingsOf] of Object.entries(databases)) {
    it(`are stored for each user, and found to be orphans when no device is left (${name})`, async function () {
      this.timeout(60_000);
      await using held = new DisposableStore();
      const settings = await settingsOf(held);
      if (!settings) return this.skip();
      let devices: DeviceRecord[] = [{ ...new ScriptedSession().device, ...anna }];
      const schema = easSchema({ list: () => Promise.resolve(devices) });
      const connection = await connected(settings, schema, held);
      const uids = new StoredUidMapping(connection);
      await uids.remember(anna, ['short', long, long]);
      await uids.remember(bob, [`other ${long}`]);
      const later = new StoredUidMapping(connection);
      expect(await later.original(anna, deviceUid(long))).to.equal(long);
      expect(await later.original(bob, deviceUid(long))).to.equal(deviceUid(long));

      const [check] = schema.checks ?? [];
      const { manager } = connection.dataSource;
      expect(await check?.count(manager)).to.equal(1);
      devices = [];
      expect(await connection.transaction((inner) => check?.repair?.(inner) ?? Promise.resolve(0))).to.equal(2);
      expect(await check?.count(manager)).to.equal(0);
    });
  }

  it('come to the device short, and back to the calendar as they were', async () => {
    const given = services();
    const command = new Sync(given);
    const scripted = new ScriptedSession();
    const times = { start: Date.UTC(2027, 0, 4, 9), end: Date.UTC(2027, 0, 4, 10), allDay: false };
    const event: Appointment = { ...times, title: 'Budget', uid: long, ownedByUser: true };
    scripted.onSync = () => ({ syncKey: 'k2', changes: [{ kind: 'add', serverId: 'F3:1', item: event }] });
    const ask = (...rest: Element[]): Element =>
      element(
        AirSync.Sync,
        element(
          AirSync.Collections,
          element(AirSync.Collection, element(AirSync.SyncKey, 'k1'), element(AirSync.CollectionId, 'F3'), ...rest),
        ),
      );
    const answer = await execute(Sync, ask(), scripted, { command, version: '14.1' });
    const told = answer?.child(AirSync.Collections)?.children[0]?.child(AirSync.Commands)?.children[0];
    const uid = told?.child(AirSync.ApplicationData)?.child(Calendar.UID)?.text ?? '';
    expect(uid).to.have.length.within(1, 300);

    const data = element(
      AirSync.ApplicationData,
      element(Calendar.UID, uid),
      element(Calendar.Subject, 'Copy'),
      element(Calendar.StartTime, '20270104T090000Z'),
      element(Calendar.EndTime, '20270104T100000Z'),
    );
    const copy = element(AirSync.Commands, element(AirSync.Add, element(AirSync.ClientId, 'c1'), data));
    scripted.onSync = () => ({ syncKey: 'k3' });
    await execute(Sync, ask(copy), scripted, { command, version: '14.1' });
    expect(scripted.synced[1]?.changes?.[0]).to.have.nested.property('item.uid', long);
  });
});
