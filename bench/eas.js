#!/usr/bin/env node
'use strict';
/*
 * usage: bench/eas.js [--json] [--time MS] [--contacts N] [--mails N] [--only requests,first] [--profile DIR]
 *
 * Exchange ActiveSync on the real host with SQLite, beside a bare koa "hello" and a koa that asks the groupware once, in
 * the same run. The groupware is the sandbox in a host of its own; the measured process has a core to itself where
 * taskset can give it one. Build first.
 */
const { BenchDevice, contacts, inbox } = require('./eas/device');
const { Line, httpRequest } = require('./eas/line');
const { repeat, round } = require('./eas/measure');
const { runBenchmark, setting } = require('./eas/program');
const { startServer, temporaryFolder } = require('./eas/servers');

const help = `usage: bench/eas.js [--json] [--time MS] [--contacts N] [--mails N] [--only requests,first] [--profile DIR]

  --json        figures as JSON on standard output, instead of tables
  --time MS     how long each kind of request is measured (default 5000)
  --contacts N  contacts of a first Sync (default 1000)
  --mails N     mails of a first Sync (default 5000)
  --only PARTS  some of the parts
  --profile DIR where the measured host writes what its CPU did, for Chrome's developer tools
`;

/** Connections that send at a time. */
const connections = 16;
/** First Syncs at a time. */
const firstSyncs = 4;

const say = (text) => process.stderr.write(`${text}\n`);

const defaults = { time: 5000, contacts: 1000, mails: 5000, only: 'requests,first' };

runBenchmark({ help, defaults }, async (lab, options) => {
  const wants = (part) => options.only.split(',').includes(part);
  const host = await lab.startHost(temporaryFolder(), options);
  const requests = await measureBaselines(lab, options);
  if (wants('requests')) requests.push(...(await measureRequests(host, lab.groupware, options)));
  const first = wants('first') ? await measureFirstSyncs(host, lab.groupware, options) : [];
  return reportOf({ requests, first });
});

/** Bare koa; and what is left of it when each answer waits for one of the groupware. */
async function measureBaselines(lab, options) {
  await lab.groupware.addUser('asking@bench.example');
  await lab.groupware.logIn('asking@bench.example');
  const rows = [];
  for (const [name, program, args] of [
    ['bare koa: hello', './eas/hello', []],
    ['koa that asks OX once', './eas/asking', lab.groupware.question],
  ]) {
    const bare = { core: 'measured', folder: temporaryFolder() };
    const server = await lab.add(startServer([require.resolve(program), ...args], bare));
    rows.push(await measureBaseline(name, server, options));
    await server.stop();
  }
  return rows;
}

async function measureBaseline(name, server, { time }) {
  const request = httpRequest('GET', '/', {});
  const lines = Array.from({ length: connections }, () => new Line(server.port));
  const jobs = lines.map((line) => ({ line, request }));
  const row = await repeat(name, server, jobs, { time });
  for (const line of lines) line.close();
  return row;
}

/** One user and device for each connection; what they send over and over changes nothing. */
async function measureRequests(host, groupware, { time }) {
  const devices = [];
  for (let number = 1; number <= connections; number++) {
    const login = `steady${number}@bench.example`;
    await groupware.addUser(login);
    await groupware.fill(login, { contacts: 100, mails: 100 });
    const line = new Line(host.port);
    const device = new BenchDevice(login, `STEADY${number}`);
    await device.setUp(line);
    for (const type of [contacts, inbox]) await device.syncAll(line, type);
    devices.push({ line, device });
  }
  const rows = [];
  for (const [name, requestOf] of [
    ['OPTIONS', (device) => device.options()],
    ['FolderSync, no change', (device) => device.folderSync()],
    ['Sync of contacts, no change', (device) => device.sync(contacts)],
    ['Sync of mails, no change', (device) => device.sync(inbox)],
  ]) {
    say(name);
    const jobs = devices.map(({ line, device }) => ({ line, request: requestOf(device) }));
    rows.push(await repeat(name, host, jobs, { time }));
  }
  for (const { line } of devices) line.close();
  return rows;
}

/** Devices that are new; one after the other, and some at a time. */
async function measureFirstSyncs(host, groupware, options) {
  const rows = [];
  for (const [kind, type, login] of [
    ['contacts', contacts, 'contacts@bench.example'],
    ['mails', inbox, 'mails@bench.example'],
  ]) {
    const count = options[kind];
    await groupware.addUser(login);
    await groupware.fill(login, { [kind]: count });
    for (const atATime of [1, firstSyncs]) {
      say(`first Sync of ${count} ${kind}, ${atATime} at a time`);
      rows.push(await measureFirstSync(host, { kind, type, login, count, atATime }));
    }
  }
  return rows;
}

async function measureFirstSync(host, { kind, type, login, count, atATime }) {
  const lines = Array.from({ length: atATime }, () => new Line(host.port));
  const runs = Array.from({ length: atATime * 4 }, (_, n) => new BenchDevice(login, `FIRST${kind}${atATime}X${n}`));
  for (const device of runs) await device.setUp(lines[0]);
  // The first ones only warm up.
  const warm = runs.splice(0, atATime);
  await Promise.all(warm.map((device, n) => device.syncAll(lines[n], type)));
  const cpu = host.cpu;
  const begin = performance.now();
  const queue = runs.values();
  const work = async (line) => {
    for (const device of queue) {
      const items = await device.syncAll(line, type);
      if (items !== count) throw new Error(`${items} ${kind} in place of ${count}`);
    }
  };
  await Promise.all(lines.map(work));
  const seconds = (performance.now() - begin) / 1000;
  const total = runs.length * count;
  for (const line of lines) line.close();
  return {
    request: `first Sync of ${count} ${kind}, ${atATime} at a time`,
    'items/s': Math.round(total / seconds),
    'CPU µs': Math.round(((host.cpu - cpu) * 1000) / total),
    'RSS MiB': Math.round(host.memory / 2 ** 20),
  };
}

function reportOf({ requests: [hello, asking, ...requests], first }) {
  const share = (row, baseline = hello) => round(row['requests/s'] / baseline['requests/s']);
  // What the rate would be where nothing but the measured core limited it.
  const byCpu = (row) => round(hello['CPU µs'] / row['CPU µs']);
  const ofKoaIn = (row) => ({ ...row, 'of bare koa': share(row), 'by CPU': byCpu(row) });
  const rows = [
    hello,
    ofKoaIn(asking),
    ...requests.map((row) => ({ ...ofKoaIn(row), 'of koa that asks': share(row, asking) })),
    ...first,
  ];
  const syncs = requests.filter(({ request }) => request.startsWith('Sync'));
  const least = (list, column) => Math.min(...list.map((row) => row[column]));
  const rate = (kind) =>
    least(
      first.filter(({ request }) => request.includes(kind)),
      'items/s',
    );
  const goal = (text, value, met) => ({ goal: text, seen: String(value), met });
  const perSecond = least(syncs, 'requests/s');
  const ofKoa = Math.min(...syncs.map((row) => share(row)));
  const goals = [];
  if (syncs.length > 0) {
    goals.push(goal('no-change Sync ≥ 1,500/s', perSecond, perSecond >= 1500));
    goals.push(goal('no-change Sync ≥ a quarter of bare koa', ofKoa, ofKoa >= 0.25));
  }
  if (first.length > 0) {
    goals.push(goal('first Sync ≥ 5,000 contacts/s', rate('contacts'), rate('contacts') >= 5000));
    goals.push(goal('first Sync ≥ 2,500 mails/s', rate('mails'), rate('mails') >= 2500));
  }
  return {
    title: 'Exchange ActiveSync',
    intro: [
      setting,
      'By CPU: CPU of a bare koa request as part of that of the row, so that no other process has a share in it.',
    ].join(' '),
    rows,
    goals,
  };
}
