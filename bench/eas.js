#!/usr/bin/env node
'use strict';
/*
 * usage: bench/eas.js [--json] [--time MS] [--contacts N] [--mails N] [--users N] [--devices N] [--pushed N]
 *        [--only requests,first,waiting] [--profile DIR]
 *
 * Exchange ActiveSync on the real host with SQLite, beside a bare koa "hello" in the same run. The groupware is the
 * sandbox in a host of its own; the measured process has a core to itself where taskset can give it one. Build first.
 */
const { parseArgs } = require('node:util');
const { BenchDevice, contacts, inbox } = require('./eas/device');
const { Groupware } = require('./eas/groupware');
const { Line, httpRequest } = require('./eas/line');
const { eachOf, percentiles, repeat, round } = require('./eas/measure');
const { canPin, pinSelf, startHost, startServer, temporaryFolder } = require('./eas/servers');

const help = `usage: bench/eas.js [--json] [--time MS] [--contacts N] [--mails N] [--users N] [--devices N] [--pushed N]
       [--only requests,first,waiting] [--profile DIR]

  --json        figures as JSON on standard output, instead of tables
  --time MS     how long each kind of request is measured (default 5000)
  --contacts N  contacts of a first Sync (default 1000)
  --mails N     mails of a first Sync (default 5000)
  --devices N   devices that wait (default 10000)
  --users N     users to whom they belong (default 500)
  --pushed N    of the devices that wait, those who are told of a change (default 1000)
  --only PARTS  some of the parts
  --profile DIR where the measured host writes what its CPU did, for Chrome's developer tools
`;

/** Connections that send at a time. */
const connections = 16;
/** First Syncs at a time. */
const firstSyncs = 4;
const waits = { heartbeat: 3000 };
/** Milliseconds of CPU in a second with which the host is calm: users are polled all the time. */
const quietCpu = 150;
/** Milliseconds after which it is as calm as it gets. */
const longestCalming = 60_000;

const bundles = ['storage', 'ox-bridge', 'usm', 'eas'];
const say = (text) => process.stderr.write(`${text}\n`);
const loginOf = (number) => `user${number}@bench.example`;

async function main() {
  const options = optionsOf(process.argv.slice(2));
  if (!options) return void process.stdout.write(help);
  pinSelf();
  const groupware = await Groupware.start();
  const folder = temporaryFolder();
  const flags = options.profile ? ['--cpu-prof', '--cpu-prof-dir', options.profile] : [];
  const start = () => startHost(folder, bundles, { core: 'measured', set: { 'ox.url': groupware.url }, flags });
  const wants = (part) => options.only.split(',').includes(part);
  const servers = [groupware.server];
  try {
    const hello = await startServer([require.resolve('./eas/hello')], { core: 'measured', folder: temporaryFolder() });
    servers.push(hello);
    let host = await start();
    servers.push(host);
    const requests = [await measureHello(hello, options)];
    await hello.stop();
    if (wants('requests')) requests.push(...(await measureRequests(host, groupware, options)));
    const first = wants('first') ? await measureFirstSyncs(host, groupware, options) : [];
    const waiting = [];
    if (wants('waiting')) {
      const devices = await prepareWaiting(host, groupware, options);
      // As after an update: all phones come back at once, to a process that knows none of them.
      await host.stop();
      host = await start();
      servers.push(host);
      waiting.push(...(await measureWaiting(host, groupware, devices, options)));
    }
    const report = reportOf({ requests, first, waiting });
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
      devices: number(10_000),
      users: number(500),
      pushed: number(1000),
      only: { type: 'string', default: 'requests,first,waiting' },
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

/** Devices of some users, all of which know the inbox. */
async function prepareWaiting(host, groupware, { devices: count, users }) {
  say(`${users} users`);
  for (let user = 0; user < users; user++) await groupware.addUser(loginOf(user));
  say(`${count} devices`);
  const devices = Array.from({ length: count }, (_, n) => new BenchDevice(loginOf(n % users), `WAITING${n}`));
  const lines = Array.from({ length: connections }, () => new Line(host.port));
  await eachOf(devices, connections, async (device, n) => {
    const line = lines.pop();
    try {
      await device.setUp(line);
      await device.syncAll(line, inbox);
    } finally {
      lines.push(line);
    }
  });
  for (const line of lines) line.close();
  return devices;
}

/**
 * What a device that waits costs is what memory grows by from the first of them, when all code has run, to the last,
 * each time after the host has become calm.
 */
async function measureWaiting(host, groupware, devices, { users, pushed }) {
  await groupware.addUser('sender@bench.example');
  await groupware.logIn('sender@bench.example');
  const pings = devices.map((device) => new WaitingPing(device, host.port));
  const early = Math.round(pings.length / 10);
  say(`${early} devices wait`);
  await waitAll(host, pings.slice(0, early));
  await calm(host);
  const before = await memoryOf(host);

  say(`${pings.length} devices wait`);
  const cpu = host.cpu;
  const seconds = await waitAll(host, pings.slice(early), early);
  const returned = host.cpu - cpu;
  const toldOf = Math.round((pushed * users) / pings.length / 2);
  say('a change for some, who are just back');
  const rows = [await measurePush('just after all are back', host, groupware, pings, { users, from: 0, to: toldOf })];
  const calmAfter = await calm(host);
  const after = await memoryOf(host);
  const each = (name) => round((after[name] - before[name]) / (after.waiting - before.waiting) / 1024);
  say('a change for others, when all is calm');
  rows.push(await measurePush('when all is calm', host, groupware, pings, { users, from: toldOf, to: 2 * toldOf }));
  rows.unshift({
    request: `${pings.length} Pings held`,
    'until all wait s': round(seconds),
    'calm after s': round(calmAfter),
    'CPU µs': Math.round((returned * 1000) / (pings.length - early)),
    'asked again': pings.reduce((sum, { refusals }) => sum + refusals, 0),
    'KiB each': each('rss'),
    'heap KiB each': each('heap'),
    'RSS MiB': Math.round(host.memory / 2 ** 20),
  });
  for (const ping of pings) ping.close();
  return rows;
}

/** @returns seconds until so many more wait */
async function waitAll(host, pings, already = 0) {
  const begin = performance.now();
  await eachOf(pings, 500, (ping) => ping.connect());
  while ((await waitingDevices(host)) < already + pings.length) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const failed = pings.find(({ error }) => error);
    if (failed) throw failed.error;
  }
  return (performance.now() - begin) / 1000;
}

/** @returns seconds until the host has next to nothing to do for some time */
async function calm(host) {
  const begin = performance.now();
  for (let quiet = 0; quiet < 3;) {
    const cpu = host.cpu;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    quiet = host.cpu - cpu < quietCpu ? quiet + 1 : 0;
    if (performance.now() - begin > longestCalming) break;
  }
  return (performance.now() - begin) / 1000;
}

async function memoryOf(host) {
  const heap = await metric(host, 'nodejs_heap_size_used_bytes');
  return { waiting: await waitingDevices(host), rss: host.memory, heap };
}

async function measurePush(when, host, groupware, pings, { users, from, to }) {
  const cpu = host.cpu;
  const latencies = await push(groupware, pings, { users, from, to });
  return {
    request: `change pushed to ${latencies.length} of ${pings.length}, ${when}`,
    ...percentiles(latencies),
    'CPU µs': Math.round(((host.cpu - cpu) * 1000) / latencies.length),
    'RSS MiB': Math.round(host.memory / 2 ** 20),
  };
}

/** Mails for some users, one after the other. @returns from the request that delivers one to each Ping's answer */
async function push(groupware, pings, { users, from, to }) {
  const latencies = [];
  for (let user = from; user < to; user++) {
    const told = pings.filter((_, n) => n % users === user);
    const begin = performance.now();
    const answers = told.map((ping) =>
      ping.answer.then((answer) => latencies.push(performance.now() - begin) && answer),
    );
    await groupware.sendMail(loginOf(user));
    await Promise.all(answers);
  }
  return latencies;
}

/** A Ping that is sent again, as a phone does, when the server is too busy for it or gives up its connection. */
class WaitingPing {
  refusals = 0;

  constructor(device, port) {
    this.port = port;
    this.line = new Line(port);
    this.request = device.ping([inbox], waits.heartbeat);
  }

  /** Returns when the request is on its way. */
  async connect() {
    await this.line.connected;
    this.answer = this.#send();
    this.answer.catch((error) => (this.error = error));
  }

  close() {
    this.line.close();
  }

  async #send() {
    for (;;) {
      const answer = await this.line.send(this.request).catch((error) => this.#reconnected(error));
      if (answer?.status === 200) return answer.body;
      if (answer && answer.status !== 503) throw new Error(`Ping: HTTP ${answer.status}`);
      this.refusals += 1;
      const seconds = Number(/\r\nretry-after: *(\d+)/i.exec(answer?.head ?? '')?.[1] ?? 1);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }

  async #reconnected(error) {
    if (error.code !== 'ECONNRESET') throw error;
    this.line.close();
    this.line = new Line(this.port);
    await this.line.connected;
  }
}

/** From the host's metrics. */
function waitingDevices(host) {
  return metric(host, 'usm_waiting_devices');
}

async function metric(host, name) {
  const text = await (await fetch(`${host.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? 0);
}

function reportOf({ requests: [hello, ...requests], first, waiting }) {
  const share = (row) => round(row['requests/s'] / hello['requests/s']);
  const rows = [hello, ...requests.map((row) => ({ ...row, 'of bare koa': share(row) })), ...first, ...waiting];
  const syncs = requests.filter(({ request }) => request.startsWith('Sync'));
  const least = (list, column) => Math.min(...list.map((row) => row[column]));
  const rate = (kind) =>
    least(
      first.filter(({ request }) => request.includes(kind)),
      'items/s',
    );
  const [held, ...pushes] = waiting;
  const slowest = Math.max(...pushes.map((row) => row['p99 ms']));
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
  if (held) {
    goals.push(goal('pushed within 500 ms (p99)', `${slowest} ms`, slowest < 500));
    goals.push(goal('≤ 20 KiB for each device that waits', `${held['KiB each']} KiB`, held['KiB each'] <= 20));
  }
  return {
    title: 'Exchange ActiveSync',
    intro: [
      'The real host with SQLite, protocol 16.1; Open-Xchange is the sandbox in a process of its own.',
      canPin
        ? 'The measured process has one core, the groupware and the load share another.'
        : 'Processes are not pinned to cores.',
      'Pushed: from the request that delivers a mail to the answer of each Ping.',
      'KiB each: what memory grows by from the first tenth of the Pings to all of them, when the host is calm.',
    ].join(' '),
    rows,
    goals,
  };
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
