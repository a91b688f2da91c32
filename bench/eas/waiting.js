'use strict';
const { inbox } = require('./device');
const { Line } = require('./line');
const { eachOf, percentiles, round } = require('./measure');

/** Seconds. */
const heartbeat = 3000;
/** Milliseconds of CPU in a second with which the host is calm: users are polled all the time. */
const quietCpu = 150;
/** Milliseconds of rest in which memory is given back: V8 comes by 100 seconds after it last collected the whole heap. */
const rest = 120_000;
/** Milliseconds after which it is as calm as it gets. */
const longestCalming = 60_000;

const say = (text) => process.stderr.write(`${text}\n`);

/**
 * What a device that waits costs is what memory grows by from the first of them, when all code has run, to the last:
 * when all are back and the host has become calm, and when it has rested since.
 */
async function measureWaiting(host, groupware, devices, { users, pushed, loginOf }) {
  await groupware.addUser('sender@bench.example');
  await groupware.logIn('sender@bench.example');
  const pings = devices.map((device) => new WaitingPing(device, host.port));
  const early = Math.round(pings.length / 10);
  say(`${early} devices wait`);
  await waitAll(host, pings.slice(0, early));
  await calm(host);
  await resting();
  const before = await memoryOf(host);

  say(`${pings.length} devices wait`);
  const cpu = host.cpu;
  const seconds = await waitAll(host, pings.slice(early), early);
  const returned = host.cpu - cpu;
  const toldOf = Math.round((pushed * users) / pings.length / 2);
  say('a change for some, who are just back');
  const of = { users, loginOf };
  const rows = [await measurePush('just after all are back', host, groupware, pings, { ...of, from: 0, to: toldOf })];
  const calmAfter = await calm(host);
  const back = await memoryOf(host);
  say('a change for others, when all is calm');
  const toOthers = { ...of, from: toldOf, to: 2 * toldOf };
  rows.push(await measurePush('when all is calm', host, groupware, pings, toOthers));
  await resting();
  const rested = await memoryOf(host);
  const each = (name, then) => round((then[name] - before[name]) / (then.waiting - before.waiting) / 1024);
  rows.unshift({
    request: `${pings.length} Pings held`,
    'until all wait s': round(seconds),
    'calm after s': round(calmAfter),
    'CPU µs': Math.round((returned * 1000) / (pings.length - early)),
    'asked again': pings.reduce((sum, { refusals }) => sum + refusals, 0),
    'KiB each, just back': each('rss', back),
    'KiB each, at rest': each('rss', rested),
    'of that in use on the heap': each('heap', rested),
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

function resting() {
  return new Promise((resolve) => setTimeout(resolve, rest));
}

async function memoryOf(host) {
  const heap = await metric(host, 'nodejs_heap_size_used_bytes');
  return { waiting: await waitingDevices(host), rss: host.memory, heap };
}

async function measurePush(when, host, groupware, pings, of) {
  const cpu = host.cpu;
  const latencies = await push(groupware, pings, of);
  return {
    request: `change pushed to ${latencies.length} of ${pings.length}, ${when}`,
    ...percentiles(latencies),
    'CPU µs': Math.round(((host.cpu - cpu) * 1000) / latencies.length),
    'RSS MiB': Math.round(host.memory / 2 ** 20),
  };
}

/** Mails for some users, one after the other. @returns from the request that delivers one to each Ping's answer */
async function push(groupware, pings, { users, loginOf, from, to }) {
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
    this.request = device.ping([inbox], heartbeat);
  }

  /** Returns when the request is on its way. */
  async connect() {
    this.line = new Line(this.port);
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

module.exports = { measureWaiting };
