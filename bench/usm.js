#!/usr/bin/env node
'use strict';
/*
 * usage: bench/usm.js [--json] [--sizes 100,10000,100000] [--waiters N]
 *
 * The sync engine on SQLite over a groupware that costs nothing: what the engine itself takes for a sync without changes,
 * a first sync and one change, in folders of several sizes, and for devices that wait. Build first.
 */
const { setMaxListeners } = require('node:events');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { InProcessClusterBus, openDatabase } = require('@oxtender/storage');
const { defaultConfiguration, usmOptions, usmSchema, UsmSyncEngine } = require('@oxtender/usm');

const help = 'usage: bench/usm.js [--json] [--sizes 100,10000,100000] [--waiters N]\n';
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error: console.error, isEnabled: () => false };
const disposable = (timer) => ({ [Symbol.dispose]: () => clearTimeout(timer) });
const clock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => disposable(setTimeout(callback, milliseconds)),
  setInterval: (callback, milliseconds) => disposable(setInterval(callback, milliseconds)),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
const signal = new AbortController().signal;

/** Mails with ids as an IMAP server gives them; a few contacts' worth of fields otherwise. */
const records = {
  Email: (id) => ({
    subject: `Mail number ${id}`,
    from: [{ name: 'Anna Example', address: 'anna@example.org' }],
    receivedAt: 1_700_000_000_000 + id * 60_000,
    bodies: [{ format: 'text', content: 'x'.repeat(200) }],
  }),
  Contacts: (id) => ({
    firstName: `First${id}`,
    lastName: `Last${id * 7}`,
    email1: `person${id}@example.org`,
    mobilePhone1: `+49 170 ${1_000_000 + id}`,
    company: `Company ${id % 100}`,
    city: 'Berlin',
    businessStreet: `Street ${id % 1000}`,
    birthday: `19${60 + (id % 40)}-0${1 + (id % 9)}-1${id % 10}`,
  }),
};

/** One folder, held in arrays; counts its calls. */
class BenchGroupware {
  name = 'bench';
  calls = 0;
  /** When an item was changed last, and how often it was. */
  changed = new Map();
  touched = new Map();
  listeners = new Set();

  constructor(itemClass, size) {
    this.folder = { id: 'folder', itemClass };
    this.size = size;
    this.sequence = size;
  }

  version(id) {
    const touched = this.touched.get(id) ?? 0;
    return this.folder.itemClass === 'Email'
      ? String(Number(this.isRead(id)))
      : String(1_790_000_000_000 + id * 977 + touched);
  }

  isRead(id) {
    return (Math.floor(id / 3) + (this.touched.get(id) ?? 0)) % 2 !== 0;
  }

  listed(id) {
    const listed = { id: String(id), version: this.version(id) };
    if (this.folder.itemClass !== 'Email') return listed;
    return { ...listed, date: 1_700_000_000_000 + id * 60_000, flags: { read: this.isRead(id) } };
  }

  /** What a change changes. */
  mark(id) {
    return this.folder.itemClass === 'Email'
      ? { read: this.isRead(id) }
      : { nickname: String(this.touched.get(id) ?? '') };
  }

  /** @param listeners - who hears of it */
  touch(id, listeners = this.listeners) {
    this.changed.set(id, ++this.sequence);
    this.touched.set(id, (this.touched.get(id) ?? 0) + 1);
    for (const listener of listeners) listener({ folderId: 'folder' });
  }

  async login({ login }) {
    const userId = Number(login.slice(4)) || 1;
    const user = {
      contextId: 1,
      userId,
      login,
      displayName: '',
      primaryAddress: '',
      addresses: [],
      timeZone: 'UTC',
      locale: '',
    };
    const role = { Email: 'inbox', Contacts: 'contacts' }[this.folder.itemClass];
    const count =
      (work) =>
      async (...parameters) => {
        this.calls += 1;
        return work(...parameters);
      };
    return {
      user,
      classes: new Set(['Email']),
      listFolders: count(() => [
        { ...this.folder, name: 'Folder', role, space: 'private', rights: { read: 'all' }, subscribed: true },
      ]),
      list: count(() => ({
        items: Array.from({ length: this.size }, (_, at) => this.listed(at + 1)),
        token: String(this.sequence),
      })),
      changes: count((folder, token) => {
        const newer = [...this.changed].filter(([, sequence]) => sequence > Number(token));
        if (newer.length === 0) return { kind: 'none', token };
        return {
          kind: 'delta',
          changed: newer.map(([id]) => this.listed(id)),
          deleted: [],
          token: String(this.sequence),
        };
      }),
      read: count((folder, ids) =>
        ids.map((id) => ({
          id,
          version: this.version(Number(id)),
          item: { ...records[this.folder.itemClass](Number(id)), ...this.mark(Number(id)) },
        })),
      ),
      watch: (listener) => {
        this.listeners.add(listener);
        return { covers: () => true, [Symbol.dispose]: () => this.listeners.delete(listener) };
      },
      [Symbol.dispose]: () => undefined,
    };
  }
}

/** Counts the statements that reach the database. */
function counting(connection, counts) {
  const count = (target) =>
    new Proxy(target, {
      get: (_, name) => {
        if (name === 'manager') return count(target.manager);
        if (name !== 'query') return Reflect.get(target, name, target);
        return (sql, parameters) => {
          counts.statements += 1;
          return target.query(sql, parameters);
        };
      },
    });
  return {
    dialect: connection.dialect,
    dataSource: count(connection.dataSource),
    transaction: (work, options) => connection.transaction((manager) => work(count(manager)), options),
  };
}

/** An engine of its own on a database of its own. */
async function withEngine(groupware, work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-usm-'));
  const settings = { dialect: 'sqlite', file: path.join(folder, 'usm.sqlite'), synchronous: 'normal', wait: 5000 };
  const database = await openDatabase({ database: settings, updateTaskWait: 5000 }, { clock, logger: silent });
  const connection = await database.connect(usmSchema, { signal });
  const counts = { statements: 0 };
  const engine = new UsmSyncEngine({
    bridge: groupware,
    connection: counting(connection, counts),
    bus: new InProcessClusterBus({ clock, logger: silent }),
    clock,
    log: silent,
    options: { ...usmOptions(defaultConfiguration), maxObjectsPerFolder: 1_000_000, maxDevicesPerUser: 1e9 },
  });
  try {
    return await work(engine, counts, connection);
  } finally {
    await engine[Symbol.asyncDispose]();
    await connection[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  }
}

const open = (engine, user = 1) =>
  engine.open({
    credentials: { login: `user${user}`, password: 'secret' },
    protocol: 'eas',
    device: { id: 'phone', type: 'x' },
    signal,
  });

/** One request: opens the session, and gives it back. */
async function request(engine, user, work) {
  const session = await open(engine, user);
  try {
    return await work(session);
  } finally {
    session[Symbol.dispose]();
  }
}

/** A device that knows its folder, and nothing of what is in it. */
const prime = (engine, user) =>
  request(engine, user, async (session) => {
    await session.syncHierarchy({ syncKey: '0', signal });
    const [{ collectionId }] = await session.folders({ signal });
    const { syncKey } = await session.sync({ collectionId, syncKey: '0', windowSize: 1, signal });
    return { collectionId, syncKey };
  });

/** As a protocol does it for each request: open the session, look at the folders, sync. */
const sync = (engine, { collectionId, syncKey }, windowSize = 500) =>
  request(engine, 1, async (session) => {
    await session.folders({ signal });
    return session.sync({ collectionId, syncKey, windowSize, read: { bodies: ['text'], maxBodySize: 200 }, signal });
  });

async function timed(repetitions, work) {
  for (let n = 0; n < Math.min(repetitions, 20); n++) await work(n);
  const begin = performance.now();
  for (let n = 0; n < repetitions; n++) await work(n);
  return ((performance.now() - begin) / repetitions) * 1000;
}

async function measureFolder(itemClass, size) {
  const groupware = new BenchGroupware(itemClass, size);
  return withEngine(groupware, async (engine, counts, connection) => {
    const state = await prime(engine);
    const begin = performance.now();
    for (let more = true; more;) {
      const answer = await sync(engine, state);
      state.syncKey = answer.syncKey;
      more = answer.moreAvailable;
    }
    const first = performance.now() - begin;
    const cost = async (repetitions, work) => {
      const before = { calls: groupware.calls, statements: counts.statements };
      const time = await timed(repetitions, work);
      const total = repetitions + Math.min(repetitions, 20);
      return {
        time,
        calls: (groupware.calls - before.calls) / total,
        statements: (counts.statements - before.statements) / total,
      };
    };
    const idle = await cost(2000, () => sync(engine, state));
    const watched = await whileWatched(engine, state, () => cost(2000, () => sync(engine, state)));
    const change = await cost(size > 50_000 ? 20 : 100, async (n) => {
      groupware.touch(1 + ((n * 7919) % size));
      const answer = await sync(engine, state);
      if (answer.changes.length !== 1) throw new Error(`${answer.changes.length} changes in place of one`);
      state.syncKey = answer.syncKey;
    });
    const [{ bytes }] = await connection.dataSource.query(
      'SELECT LENGTH(element) AS bytes FROM USMDataStorage WHERE objectID > 0 ORDER BY syncKey DESC LIMIT 1',
    );
    return {
      folder: `${size} ${itemClass === 'Email' ? 'mails' : 'contacts'}`,
      'no change µs': round(idle.time),
      calls: round(idle.calls),
      SQL: round(idle.statements),
      'watched µs': round(watched.time),
      'watched calls': round(watched.calls),
      'one change µs': round(change.time),
      'calls ': round(change.calls),
      'SQL ': round(change.statements),
      'first sync items/s': round((size / first) * 1000),
      'state bytes': Number(bytes),
      'bytes/item': round(bytes / size),
      'in memory KiB': round(engine.services.states.cache.size / 1024),
    };
  });
}

/** While a device of the user waits, the watch knows whether anything changed. */
async function whileWatched(engine, { collectionId }, work) {
  const session = await open(engine);
  const stop = new AbortController();
  const request = { collections: [{ collectionId }], hierarchy: false, timeout: 3_000_000, signal: stop.signal };
  const waiting = session.wait(request).catch(() => undefined);
  while (engine.services.waits.count === 0) await clock.sleep(1);
  try {
    // The first sync of the watch asks once more.
    return await work();
  } finally {
    stop.abort();
    await waiting;
    session[Symbol.dispose]();
  }
}

async function measureWaiters(count) {
  const groupware = new BenchGroupware('Email', 10);
  return withEngine(groupware, async (engine, counts) => {
    const devices = [];
    for (let user = 1; user <= count; user++) devices.push(await prime(engine, user));
    for (const [at, device] of devices.entries()) {
      const answer = await request(engine, at + 1, (session) => session.sync({ ...device, windowSize: 100, signal }));
      device.syncKey = answer.syncKey;
    }
    const sessions = [];
    for (let user = 1; user <= count; user++) sessions.push(await open(engine, user));
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const waits = sessions.map((session, at) =>
      session.wait({ collections: [devices[at]], hierarchy: true, timeout: 3_000_000, signal: stop.signal }),
    );
    while (engine.services.waits.count < count) await clock.sleep(10);
    // Each looks once before it waits.
    for (let seen = -1; seen !== counts.statements; await clock.sleep(2000)) seen = counts.statements;
    globalThis.gc?.();
    const each = (process.memoryUsage().heapUsed - before) / count / 1024;
    const awakeAfter = async (id, wait, listeners) => {
      const begin = performance.now();
      groupware.touch(id, listeners);
      await wait;
      return performance.now() - begin;
    };
    const one = await awakeAfter(1, waits[0], [...groupware.listeners].slice(0, 1));
    const all = await awakeAfter(2, Promise.all(waits));
    for (const session of sessions) session[Symbol.dispose]();
    return {
      waiters: count,
      'KiB each': round(each),
      'one awake after ms': round(one),
      'all awake after ms': round(all),
    };
  });
}

const round = (value) => Number(value.toPrecision(3));

async function main() {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      sizes: { type: 'string', default: '100,10000,100000' },
      waiters: { type: 'string', default: '20000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const rows = [];
  for (const size of values.sizes.split(',').map(Number)) rows.push(await measureFolder('Email', size));
  rows.push(await measureFolder('Contacts', 10_000));
  const waiting = await measureWaiters(Number(values.waiters));
  const mails = rows.filter(({ folder }) => folder.endsWith('mails'));
  const [contacts] = rows.filter(({ folder }) => folder.endsWith('contacts'));
  const most = (name) => Math.max(...rows.map((row) => row[name]));
  /** From the smallest folder of mails to the largest. */
  const growth = (name) => mails.at(-1)[name] / mails[0][name];
  const report = {
    title: 'The sync engine',
    intro:
      "Time of one request as a protocol makes it: open the session, look at the folders, sync. The groupware answers at once, so the time is the engine's and SQLite's.",
    rows: [...rows, waiting],
    goals: [
      {
        goal: 'no change: at most one call and two statements',
        seen: `${most('calls')}, ${most('SQL')}`,
        met: most('calls') <= 1 && most('SQL') <= 2,
      },
      {
        goal: 'no change while the watch knows of none: no call',
        seen: `${most('watched calls')}`,
        met: most('watched calls') === 0,
      },
      {
        goal: 'a mail takes at most 16 bytes',
        seen: `${mails.at(-1)['bytes/item']}`,
        met: mails.at(-1)['bytes/item'] <= 16,
      },
      {
        goal: 'a contact takes at most 64 bytes',
        seen: `${contacts['bytes/item']}`,
        met: contacts['bytes/item'] <= 64,
      },
      {
        goal: 'one change costs no more than the state grows',
        seen: `× ${round(growth('one change µs'))} of time, × ${round(growth('state bytes'))} of bytes`,
        met: growth('one change µs') <= Math.max(growth('state bytes'), 1.5),
      },
      {
        goal: 'a waiting device is awake within 100 ms',
        seen: `${waiting['one awake after ms']} ms beside ${waiting.waiters} others`,
        met: waiting['one awake after ms'] <= 100,
      },
      { goal: 'a waiting device takes at most 8 KiB', seen: `${waiting['KiB each']}`, met: waiting['KiB each'] <= 8 },
    ],
  };
  if (values.json) return void process.stdout.write(JSON.stringify(report));
  console.table(rows);
  console.table([waiting]);
  console.table(report.goals);
}

void main();
