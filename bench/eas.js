#!/usr/bin/env node
'use strict';
/*
 * usage: bench/eas.js [--json] [--time MS] [--contacts N] [--mails N] [--only requests,first] [--profile DIR]
 *
 * Exchange ActiveSync on the real host with SQLite, beside a bare koa "hello" in the same run. The groupware is the
 * sandbox in a host of its own; the measured process has a core to itself where taskset can give it one. Build first.
 */
const { parseArgs } = require('node:util');
const { BenchDevice, contacts, inbox } = require('./eas/device');
const { Groupware } = require('./eas/groupware');
const { Line, httpRequest } = require('./eas/line');
const { repeat, round } = require('./eas/measure');
const { canPin, pinSelf, startHost, startServer, temporaryFolder } = require('./eas/servers');

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

const bundles = ['storage', 'ox-bridge', 'usm', 'eas'];
const say = (text) => process.stderr.write(`${text}\n`);

async function main() {
  const options = optionsOf(process.argv.slice(2));
  if (!options) return void process.stdout.write(help);
  pinSelf();
  const groupware = await Groupware.start();
  const folder = temporaryFolder();
  const flags = options.profile ? ['--cpu-prof', '--cpu-prof-dir', options.profile] : [];
  const wants = (part) => options.only.split(',').includes(part);
  const servers = [groupware.server];
  try {
    const hello = await startServer([require.resolve('./eas/hello')], { core: 'measured', folder: temporaryFolder() });
    servers.push(hello);
    const host = await startHost(folder, bundles, { core: 'measured', set: { 'ox.url': groupware.url }, flags });
    servers.push(host);
    const requests = [await measureHello(hello, options)];
    await hello.stop();
    if (wants('requests')) requests.push(...(await measureRequests(host, groupware, options)));
    const first = wants('first') ? await measureFirstSyncs(host, groupware, options) : [];
    const report = reportOf({ requests, first });
    if (options.json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    else for (const part of [report.rows, report.goals]) console.table(part);
  } finally {
    for (const server of servers.reverse()) await server.stop();
  }
}

function optionsOf(args) {
  const number = (value) => ({ type: 'string', default: String(value) });
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      time: number(5000),
      contacts: number(1000),
      mails: number(5000),
      only: { type: 'string', default: 'requests,first' },
      profile: { type: 'string' },
    },
  });
  if (values.help) return undefined;
  const { json, only, profile, help: _, ...numbers } = values;
  const counts = Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, Number(value)]));
  return { json, only, profile, ...counts };
}

async function measureHello(server, { time }) {
  const request = httpRequest('GET', '/', {});
  const lines = Array.from({ length: connections }, () => new Line(server.port));
  const row = await repeat(
    'bare koa: hello',
    server,
    lines.map((line) => ({ line, request })),
    { time },
  );
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

function reportOf({ requests: [hello, ...requests], first }) {
  const share = (row) => round(row['requests/s'] / hello['requests/s']);
  const rows = [hello, ...requests.map((row) => ({ ...row, 'of bare koa': share(row) })), ...first];
  const syncs = requests.filter(({ request }) => request.startsWith('Sync'));
  const least = (list, column) => Math.min(...list.map((row) => row[column]));
  const rate = (kind) =>
    least(
      first.filter(({ request }) => request.includes(kind)),
      'items/s',
    );
  const goal = (text, value, met) => ({ goal: text, seen: String(value), met });
  const perSecond = least(syncs, 'requests/s');
  const ofKoa = Math.min(...syncs.map(share));
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
      'The real host with SQLite, protocol 16.1; Open-Xchange is the sandbox in a process of its own.',
      canPin
        ? 'The measured process has one core, the groupware and the load share another.'
        : 'Processes are not pinned to cores.',
    ].join(' '),
    rows,
    goals,
  };
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
