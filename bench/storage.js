#!/usr/bin/env node
'use strict';
/*
 * usage: bench/storage.js [--json]
 *
 * What a statement costs through the Database service, beside the bare driver, on SQLite and (when installed) on a MariaDB
 * that is started for it. Build first. Figures are microseconds, the lower quartile of the samples.
 */
const { randomBytes } = require('node:crypto');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const Sqlite = require('better-sqlite3');
const mysql = require('mysql2/promise');
const { sharedMariaDb } = require('@oxtender/bundle-api/testing');
const { openDatabase } = require('@oxtender/storage');

const rows = 1000;
/** Two, because a database writes nothing when nothing changes. */
const states = [randomBytes(4000), randomBytes(4000)];
const silent = { trace() {}, debug() {}, info() {}, warn: console.error, error: console.error, isEnabled: () => false };
const clock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => disposable(setTimeout(callback, milliseconds)),
  setInterval: (callback, milliseconds) => disposable(setInterval(callback, milliseconds)),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
const disposable = (timer) => ({ [Symbol.dispose]: () => clearTimeout(timer) });

const sql = {
  one: 'SELECT id, state FROM bench WHERE id = ?',
  many: 'SELECT id, name FROM bench WHERE id > ? LIMIT ?',
  update: 'UPDATE bench SET state = ? WHERE id = ?',
};

const schema = {
  name: 'bench',
  entities: [],
  tasks: [
    {
      name: 'bench.create',
      description: 'one table',
      run: async ({ manager, tableOptions }) => {
        await manager.query(
          `CREATE TABLE IF NOT EXISTS bench (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL, state BLOB) ${tableOptions}`,
        );
        for (let id = 0; id < rows; id++)
          await manager.query('INSERT INTO bench (id, name, state) VALUES (?, ?, ?)', [id, `name ${id}`, states[0]]);
      },
    },
  ],
};

/** Microseconds of each call: the lower quartile of samples that are taken in turns, so that noise meets all alike. */
async function measure(calls, { samples = 20, milliseconds = 40 } = {}) {
  const times = calls.map(() => []);
  const counts = calls.map(() => 0);
  for (let sample = -2; sample < samples; sample++)
    for (const [index, call] of calls.entries()) {
      const start = performance.now();
      const before = counts[index];
      while (performance.now() - start < milliseconds) await call(counts[index]++);
      if (sample >= 0) times[index].push(((performance.now() - start) / (counts[index] - before)) * 1000);
    }
  return times.map((list) => list.sort((left, right) => left - right)[samples >> 2]);
}

/** The same work by the bare driver and through the service. */
async function compare(dialect, bare, connection) {
  const { manager } = connection.dataSource;
  const id = (call) => call % rows;
  const state = (call) => states[Math.floor(call / rows) % 2];
  const atOnce = (work) => Promise.all(Array.from({ length: 50 }, (_, index) => work(index)));
  const transaction = (n) =>
    connection.transaction(async (inner) => {
      await inner.query(sql.one, [id(n)]);
      await inner.query(sql.update, [state(n), id(n)]);
    });
  const cases = {
    'one row by key, 4 kB': [(n) => bare.query(sql.one, [id(n)]), (n) => manager.query(sql.one, [id(n)])],
    '100 rows': [(n) => bare.query(sql.many, [id(n) / 2, 100]), (n) => manager.query(sql.many, [(id(n) / 2) | 0, 100])],
    'one change, 4 kB': [
      (n) => bare.query(sql.update, [state(n), id(n)]),
      (n) => manager.query(sql.update, [state(n), id(n)]),
    ],
    'transaction: read, change': [(n) => bare.transaction(id(n), state(n)), transaction],
    '50 transactions at once': [
      (n) => atOnce((index) => bare.transaction(id(50 * n + index), state(50 * n + index))),
      (n) => atOnce((index) => transaction(50 * n + index)),
    ],
    '50 rows by key at once': [
      (n) => atOnce((index) => bare.query(sql.one, [id(n + index)])),
      (n) => atOnce((index) => manager.query(sql.one, [id(n + index)])),
    ],
  };
  const results = [];
  for (const [name, [direct, service]] of Object.entries(cases)) {
    const [driver, ours] = await measure([direct, service]);
    results.push({
      database: dialect,
      work: name,
      'driver µs': round(driver),
      'service µs': round(ours),
      ratio: round(ours / driver),
    });
  }
  return results;
}

const round = (value) => Number(value.toPrecision(3));

function bareSqlite(file, synchronous) {
  const database = new Sqlite(file);
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${synchronous}`);
  const statements = Object.fromEntries(Object.values(sql).map((text) => [text, database.prepare(text)]));
  const query = (text, parameters) =>
    statements[text].reader ? statements[text].all(...parameters) : statements[text].run(...parameters);
  const transaction = database.transaction((id, state) => {
    query(sql.one, [id]);
    query(sql.update, [state, id]);
  });
  return { query, transaction: transaction.immediate, close: () => database.close() };
}

function bareMysql({ host, port, user, password }, database) {
  const pool = mysql.createPool({ host, port, user, password, database, connectionLimit: 20 });
  return {
    // LIMIT takes no DOUBLE, and the driver sends numbers as such
    query: (text, parameters) =>
      pool.execute(
        text,
        parameters.map((value) => (typeof value === 'number' ? String(value | 0) : value)),
      ),
    transaction: async (id, state) => {
      const connection = await pool.getConnection();
      await connection.query('START TRANSACTION');
      await connection.execute(sql.one, [String(id)]);
      await connection.execute(sql.update, [state, String(id)]);
      await connection.query('COMMIT');
      connection.release();
    },
    close: () => pool.end(),
  };
}

async function benchSqlite(synchronous) {
  const folder = mkdtempSync(path.join(tmpdir(), 'oxtender-bench-'));
  const file = path.join(folder, 'bench.sqlite');
  const settings = { database: { dialect: 'sqlite', file, synchronous, wait: 5000 }, updateTaskWait: 5000 };
  const database = await openDatabase(settings, { clock, logger: silent });
  const connection = await database.connect(schema, { signal: new AbortController().signal });
  const bare = bareSqlite(file, synchronous);
  const results = await compare(`SQLite, synchronous ${synchronous}`, bare, connection);
  bare.close();
  await database[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
  return results;
}

async function benchMariaDb() {
  const server = await sharedMariaDb();
  if (!server) return [];
  const { host, port, user, password, version } = server;
  const name = server.createDatabase();
  const settings = {
    dialect: 'mysql',
    ...{ host, port, user, password, database: name },
    pool: { size: 20, wait: 5000, idle: 60_000 },
    connectTimeout: 5000,
    readTimeout: 30_000,
  };
  const database = await openDatabase({ database: settings, updateTaskWait: 5000 }, { clock, logger: silent });
  const connection = await database.connect(schema, { signal: new AbortController().signal });
  const bare = bareMysql(server, name);
  const results = await compare(`MariaDB ${version.split('-')[0]}`, bare, connection);
  await bare.close();
  await database[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  return results;
}

const report = {
  title: 'Statements through the Database service',
  intro:
    'Microseconds a call beside the bare driver (better-sqlite3; mysql2 with prepared statements), lower quartile of samples taken ' +
    'in turns. With `synchronous full` the driver waits for the disk in the calling thread, the service outside of it.',
};

(async () => {
  const rows = [...(await benchSqlite('full')), ...(await benchSqlite('normal')), ...(await benchMariaDb())];
  if (process.argv.includes('--json')) console.log(JSON.stringify({ ...report, rows }));
  else console.table(rows);
})();
