import type { DatabaseSchema, DeviceRegistry, UpdateTask } from '@oxtender/bundle-api';
import { EntitySchema, EntitySchemaOptions } from 'typeorm';
import { withoutDevice } from './without-device';

/** A UID of a user's calendar that is too long for devices, and the one that they get for it. */
const easUidMapping = new EntitySchema(
  Object.assign(new EntitySchemaOptions<Record<string, unknown>>(), {
    name: 'easUIDMapping',
    tableName: 'easUIDMapping',
    columns: {
      cid: { type: 'int', primary: true },
      id: { type: 'int', primary: true },
      shortUID: { type: 'varchar', length: 80, primary: true },
      longUID: { type: 'text' },
    },
  }),
);

/** A mail about a meeting whose word is in the user's calendar, by its hash. */
const easMeetingMail = new EntitySchema(
  Object.assign(new EntitySchemaOptions<Record<string, unknown>>(), {
    name: 'easMeetingMail',
    tableName: 'easMeetingMail',
    columns: {
      cid: { type: 'int', primary: true },
      id: { type: 'int', primary: true },
      mailHash: { type: 'varchar', length: 44, primary: true },
      appliedAt: { type: 'bigint' },
    },
  }),
);

const tasks: readonly UpdateTask[] = [
  {
    name: 'com.openexchange.usm.eas.database.EASUIDMappingUpdateTask',
    description: 'Creates the table of UIDs of events that are too long for devices',
    async run({ manager, dialect, tableOptions }) {
      const text = dialect === 'mysql' ? 'MEDIUMTEXT' : 'TEXT';
      await manager.query(`CREATE TABLE IF NOT EXISTS easUIDMapping (
      cid INTEGER NOT NULL, id INTEGER NOT NULL, shortUID VARCHAR(80) NOT NULL, longUID ${text} NOT NULL,
      PRIMARY KEY (cid, id, shortUID)) ${tableOptions}`);
    },
  },
  {
    name: 'oxtender.eas.MeetingMailTableUpdateTask',
    description: 'Creates the table of mails about meetings whose word is in the calendar',
    async run({ manager, tableOptions }) {
      await manager.query(`CREATE TABLE IF NOT EXISTS easMeetingMail (
      cid INTEGER NOT NULL, id INTEGER NOT NULL, mailHash VARCHAR(44) NOT NULL, appliedAt BIGINT NOT NULL,
      PRIMARY KEY (cid, id, mailHash)) ${tableOptions}`);
    },
  },
];

/** What the bundle keeps in the database. */
export function easSchema(devices: Pick<DeviceRegistry, 'list'>): DatabaseSchema {
  return {
    name: 'eas',
    entities: [easUidMapping, easMeetingMail],
    tasks,
    checks: [
      withoutDevice({ table: 'easUIDMapping', what: 'UIDs' }, devices),
      withoutDevice({ table: 'easMeetingMail', what: 'mails about meetings' }, devices),
    ],
  };
}
