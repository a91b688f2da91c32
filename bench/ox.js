#!/usr/bin/env node
'use strict';
/*
 * usage: bench/ox.js [--json] [--small]
 *
 * Listing and following folders of 100, 10,000 and 100,000 items through the bridge, beside bare undici + JSON.parse of the
 * same requests, on the sandbox in a process of its own. Build first. --small leaves the largest folders out.
 */
const { fork } = require('node:child_process');
const { once } = require('node:events');
const { createServer } = require('node:http');
const { Readable } = require('node:stream');
const { Pool } = require('undici');

const disposable = (timer) => ({ [Symbol.dispose]: () => clearTimeout(timer) });
const clock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => disposable(setTimeout(callback, milliseconds).unref()),
  setInterval: (callback, milliseconds) => disposable(setInterval(callback, milliseconds).unref()),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
const quiet = { trace() {}, debug() {}, info() {}, warn: console.error, error: console.error, child: () => quiet };
quiet.isEnabled = () => false;
const metric = { add() {}, set() {}, observe() {} };
const metrics = { counter: () => metric, gauge: () => metric, histogram: () => metric };
const sizes = process.argv.includes('--small') ? [100, 10_000] : [100, 10_000, 100_000];
const { signal } = new AbortController();

/** The sandbox: the same answers to the same requests, kept after the first, so that its own work is not measured. */
async function serve() {
  const Koa = require('koa');
  const { OxSandbox, seedBulk, seedDemo } = require('@oxtender/ox-sandbox');
  const sandbox = new OxSandbox({ file: ':memory:', clock, options: { maxRate: 0 } });
  await seedDemo(sandbox);
  const app = new Koa();
  const answers = new Map();
  let calls = [];
  app.use(async (context, next) => {
    const reads = context.method === 'GET' || context.path.endsWith('/multiple');
    const body = reads ? await bodyOf(context) : '';
    const key = `${context.method} ${context.url} ${body}`;
    const kept = reads && /\baction"?[=:]"?(all|updates)/.test(key) ? answers.get(key) : undefined;
    if (kept) Object.assign(context, kept);
    else await next();
    if (reads) answers.set(key, { type: context.type, body: context.body });
    const { method, url, headers, length: bytes } = context;
    calls.push({ method, url, headers, body, bytes });
  });
  app.use(sandbox.middleware());
  const server = createServer(app.callback());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.on('message', async ({ what, size }) => {
    if (what === 'seed') {
      const account = sandbox.contexts.byLogin('alice@example.com');
      await seedBulk(account, { contacts: size, events: 0, tasks: 0, mails: size });
      answers.clear();
    }
    process.send({ calls });
    calls = [];
  });
  process.send({ url: `http://127.0.0.1:${server.address().port}/ajax` });
}

/** Text of a request's body, which the sandbox can read as well afterwards. */
async function bodyOf(context) {
  const parts = await context.req.toArray();
  const { headers, method, url, socket } = context.req;
  context.req = context.request.req = Object.assign(Readable.from(parts), { headers, method, url, socket });
  return Buffer.concat(parts).toString();
}

async function ask(child, message) {
  child.send(message);
  const [answer] = await once(child, 'message');
  return answer;
}

/** Milliseconds of each: the lower quartile of samples that are taken in turns, so that noise meets all alike. */
async function measure(works) {
  const times = works.map(() => []);
  const begin = performance.now();
  for (let sample = -3; sample < 200 && (sample < 12 || performance.now() - begin < 3000); sample++)
    for (const [index, work] of works.entries()) {
      const start = performance.now();
      await work();
      if (sample >= 0) times[index].push(performance.now() - start);
    }
  return times.map((list) => list.sort((a, b) => a - b)[list.length >> 2]);
}

async function main() {
  const { OxBridge, defaultConfig } = require('@oxtender/ox-bridge');
  const child = fork(__filename, ['--serve'], { stdio: 'inherit' });
  const [{ url }] = await once(child, 'message');
  const config = { ...defaultConfig, 'ox.url': url, 'ox.watch.mode': 'poll' };
  const bridge = new OxBridge(config, { clock, log: quiet, metrics });
  const session = await bridge.login({ login: 'alice@example.com', password: 'secret' }, { signal });
  const folders = await session.listFolders({ signal });
  const place = (role) => {
    const { id, itemClass } = folders.find((folder) => folder.role === role);
    return { id, itemClass };
  };
  const pool = new Pool(new URL(url).origin, { connections: 4 });
  const rows = [];
  const ratios = [];
  let there = 0;
  for (const size of sizes) {
    await ask(child, { what: 'seed', size: size - there });
    there = size;
    for (const [what, folder] of [
      ['contacts', place('contacts')],
      ['mails', place('inbox')],
    ]) {
      const { token } = await session.list(folder, { signal });
      const works = {
        list: () => session.list(folder, { signal }),
        updates: () => session.changes(folder, token, { signal }),
      };
      for (const [name, work] of Object.entries(works)) {
        await ask(child, { what: 'calls' });
        await work();
        const { calls } = await ask(child, { what: 'calls' });
        const bare = async () => {
          for (const { method, url: path, headers, body: sent } of calls) {
            const { cookie, 'user-agent': agent } = headers;
            const request = { method, path, headers: { cookie, 'user-agent': agent } };
            const { body } = await pool.request(sent === '' ? request : { ...request, body: sent });
            JSON.parse(await body.text());
          }
        };
        const [own, other] = await measure([work, bare]);
        ratios.push(own / other);
        rows.push({
          items: size,
          what: `${what}, ${name}`,
          requests: calls.length,
          'bytes/request': Math.round(calls.reduce((sum, { bytes = 0 }) => sum + bytes, 0) / calls.length),
          'calls/s': (1000 / own).toPrecision(3),
          ms: own.toPrecision(3),
          'bare ms': other.toPrecision(3),
          'bridge / bare': (own / other).toFixed(2),
        });
      }
    }
  }
  session[Symbol.dispose]();
  await bridge[Symbol.asyncDispose]();
  await pool.close();
  child.disconnect();
  child.kill();
  const worst = Math.max(...ratios);
  const report = {
    title: 'Open-Xchange HTTP API',
    intro:
      'What ox-bridge costs beside bare undici + JSON.parse of the same requests and answers, one at a time; the sandbox repeats its\nanswers, so that its own work is not in the figures.',
    rows,
    goals: [
      { goal: 'at most 1.5 × bare undici + JSON.parse', seen: `${worst.toFixed(2)} × at most`, met: worst <= 1.5 },
    ],
  };
  process.stdout.write(process.argv.includes('--json') ? JSON.stringify(report) : JSON.stringify(report, null, 2));
}

if (process.argv.includes('--serve')) void serve();
else void main();
