import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOxtenderError } from '@oxtender/bundle-api';
import Sqlite from 'better-sqlite3';
import { expect } from 'chai';
import { databaseHealth } from '../../src/health';
import { openDatabase } from '../../src/open-database';
import { Child } from '../support/child';
import { counterSchema } from '../support/counter-schema';
import { sqliteSettings, TestPlace } from '../support/dialects';
import { RecordingLogger } from '../support/recording-logger';
import { rejection } from '../support/rejection';
import { systemClock } from '../support/system-clock';

const uncancelled = { signal: new AbortController().signal };

describe('SQLite', () => {
  describe('beside another process that writes', () => {
    let place: TestPlace;
    let other: Sqlite.Database;

    beforeEach(async () => {
      place = await TestPlace.sqlite({ wait: 300 });
      other = new Sqlite((place.settings as { file: string }).file);
    });

    afterEach(async () => {
      other.close();
      await place[Symbol.asyncDispose]();
    });

    it('waits without stopping this process, then writes', async () => {
      const connection = await place.database.connect(counterSchema(1), uncancelled);
      other.exec('BEGIN IMMEDIATE; INSERT INTO counter (value) VALUES (7)');
      const ours = connection.transaction((manager) => manager.query('INSERT INTO counter (value) VALUES (8)'));
      const alone = connection.dataSource.query('INSERT INTO counter (value) VALUES (9)');
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      expect(await connection.dataSource.query('SELECT value FROM counter')).to.deep.equal([{ value: 0 }]);
      other.exec('COMMIT');
      await Promise.all([ours, alone]);
      const rows = await connection.dataSource.query<{ value: number }[]>('SELECT value FROM counter ORDER BY id');
      expect(rows.map(({ value }) => value)).to.deep.equal([0, 7, 8, 9]);
    });

    it('gives up when that takes too long, and is well afterwards', async () => {
      const connection = await place.database.connect(counterSchema(1), uncancelled);
      other.exec('BEGIN IMMEDIATE');
      const work = () => Promise.reject(new Error('must not run'));
      expect(isOxtenderError(await rejection(connection.transaction(work)), 'BUSY')).to.equal(true);
      const write = connection.dataSource.query('DELETE FROM counter');
      expect(isOxtenderError(await rejection(write), 'BUSY')).to.equal(true);
      other.exec('ROLLBACK');
      await connection.transaction((manager) => manager.query('DELETE FROM counter'));
    });
  });

  describe('with one writer', () => {
    it('refuses a write that waits for its own transaction', async () => {
      await using place = await TestPlace.sqlite({ wait: 50 });
      const connection = await place.database.connect(counterSchema(1), uncancelled);
      const nested = connection.transaction(() => connection.dataSource.query('DELETE FROM counter'));
      expect(isOxtenderError(await rejection(nested), 'BUSY')).to.equal(true);
      expect(await connection.dataSource.query('SELECT value FROM counter')).to.deep.equal([{ value: 0 }]);
    });

    it('ends the waiting for the turn with the signal', async () => {
      await using place = await TestPlace.sqlite();
      const connection = await place.database.connect(counterSchema(1), uncancelled);
      const reason = new Error('enough');
      await connection.transaction(async () => {
        const impatient = new AbortController();
        const work = () => Promise.reject(new Error('must not run'));
        const waiting = rejection(connection.transaction(work, { signal: impatient.signal }));
        impatient.abort(reason);
        expect(await waiting).to.equal(reason);
      });
    });
  });

  describe('in a process that is killed', () => {
    for (const synchronous of ['full', 'normal'] as const)
      it(`keeps what was committed and nothing else (${synchronous})`, async () => {
        await using place = await TestPlace.sqlite({ synchronous });
        const child = new Child('writing-host', { ...place.settings, rows: 1e9 });
        const committed: number[] = [];
        while (committed.length < 50)
          committed.push(await child.message<number>((message) => typeof message === 'number'));
        await child.kill();
        const connection = await place.database.connect(counterSchema(), uncancelled);
        const rows = await connection.dataSource.query<{ id: number }[]>('SELECT id FROM counter WHERE value >= 2000');
        expect(rows.map(({ id }) => id)).to.include.members(committed);
        const [{ odd }] = await connection.dataSource.query<[{ odd: number }]>(
          'SELECT COUNT(*) AS odd FROM counter WHERE value >= 1000 AND (value % 1000) NOT IN (SELECT value % 1000 FROM counter WHERE value >= 2000)',
        );
        expect(odd, 'halves of transactions').to.equal(0);
        expect(await connection.dataSource.query('PRAGMA integrity_check')).to.deep.equal([{ integrity_check: 'ok' }]);
      });
  });

  describe('on a full disk', () => {
    const folder = mkdtempSync(join(tmpdir(), 'oxtender-full-'));
    const mount = (args: string[]): boolean => spawnSync('mount', args).status === 0;

    before(function () {
      if (process.getuid?.() !== 0 || !mount(['-t', 'tmpfs', '-o', 'size=1m', 'oxtender', folder])) this.skip();
    });

    after(() => {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    });

    it('fails with FULL, keeps what was there, and goes on when there is room again', async () => {
      const settings = sqliteSettings(folder, { synchronous: 'full' });
      const tools = { clock: systemClock, logger: new RecordingLogger() };
      await using database = await openDatabase({ database: settings, updateTaskWait: 1000 }, tools);
      const schema = {
        ...counterSchema(0),
        tasks: [
          {
            name: 'blob.create',
            description: 'makes the table',
            run: ({ manager }: { manager: { query(sql: string): Promise<unknown> } }) =>
              manager.query('CREATE TABLE large (id INTEGER PRIMARY KEY, data BLOB NOT NULL)') as Promise<void>,
          },
        ],
      };
      const connection = await database.connect(schema, uncancelled);
      const health = databaseHealth({ database, failure: undefined }, { database: settings, updateTaskWait: 0 });
      expect(await health.run(uncancelled)).to.have.property('status', 'WARN');
      const insert = (size: number) =>
        connection.transaction(async (manager) => {
          await manager.query('INSERT INTO large (data) VALUES (?)', [Buffer.alloc(size)]);
        });
      const caught: unknown[] = [];
      let kept = 0;
      while (caught.length === 0)
        await insert(50_000).then(
          () => kept++,
          (error: unknown) => caught.push(error),
        );
      expect(isOxtenderError(caught[0], 'FULL')).to.equal(true);
      const swallowed = connection.transaction(async (manager) => {
        // Fills SQLite's memory first, and then the disk.
        const more = (): Promise<unknown> =>
          manager.query('INSERT INTO large (data) VALUES (?)', [Buffer.alloc(500_000)]).then(more);
        expect(isOxtenderError(await rejection(more()), 'FULL')).to.equal(true);
        await manager.query('DELETE FROM large');
      });
      expect(isOxtenderError(await rejection(swallowed), 'UNAVAILABLE')).to.equal(true);
      const count = 'SELECT COUNT(*) AS n FROM large';
      expect(await connection.dataSource.query(count)).to.deep.equal([{ n: kept }]);
      expect(await connection.dataSource.query('PRAGMA integrity_check')).to.deep.equal([{ integrity_check: 'ok' }]);

      expect(mount(['-o', 'remount,size=4m', folder])).to.equal(true);
      await insert(50_000);
      expect(await connection.dataSource.query(count)).to.deep.equal([{ n: kept + 1 }]);
    });
  });

  it('tells that a file is no database, or cannot be opened', async () => {
    const tools = { clock: systemClock, logger: new RecordingLogger() };
    for (const file of [__filename, join(__dirname, 'no', 'such', 'folder', 'file')]) {
      const opened = openDatabase({ database: sqliteSettings('', { file }), updateTaskWait: 1000 }, tools);
      expect(isOxtenderError(await rejection(opened), 'UNAVAILABLE')).to.equal(true);
    }
  });
});
