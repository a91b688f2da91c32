#!/usr/bin/env node
'use strict';
/**
 * The framework: service look-up, registration, trackers and lifecycle against their targets, beside a plain Map and the
 * containers that compare. Medians; operations below a microsecond are measured in batches.
 */
require('reflect-metadata');
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { createFilter, serviceToken, ServiceTracker } = require('../bundle-api');
const { inlineBundle } = require('../bundle-api/dist/src/testing');
const { createFramework } = require('../host');

const help = `usage: bench/host.js [--json] [--samples N]

  --json       figures as JSON on standard output, instead of tables
  --samples N  samples of which the median is taken (default 15)
`;

/** Targets in microseconds, or milliseconds for whole bundles: how fast the framework is to be on two cores. */
const targets = [
  ['best reference by token, 1 service', 1, 'µs'],
  ['best reference by token, 1,000 services', 1, 'µs'],
  ['best reference by token, 100,000 services', 1, 'µs'],
  ['best of 1,000 services of one token', 1, 'µs'],
  ['token and filter, 1 service', 3, 'µs'],
  ['token and filter, 1,000 services', 3, 'µs'],
  ['token and filter, 100,000 services', 3, 'µs'],
  ['filter of 2 conjuncts, 1,000 services', 60, 'µs'],
  ['filter of 2 conjuncts, 100,000 services', 8000, 'µs'],
  ['filter of 2 conjuncts, one indexed, 100,000 services', 50, 'µs'],
  ['register and unregister, 1 service', 3, 'µs'],
  ['register and unregister, 1,000 services', 3, 'µs'],
  ['register and unregister, 100,000 services', 3, 'µs'],
  ['register and unregister, 1 tracker', 5, 'µs'],
  ['register and unregister, 100 trackers', 5, 'µs'],
  ['register and unregister, 1,000 trackers', 5, 'µs'],
  ['100 trivial bundles: install and start', 30, 'ms'],
  ['100 trivial bundles: stop', 5, 'ms'],
  ['100 trivial bundles: uninstall', 5, 'ms'],
];

async function main() {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      samples: { type: 'string', default: '15' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const samples = Number(values.samples);
  const seen = new Map([...(await lookups(samples)), ...(await trackers(samples)), ...(await bundles(samples))]);
  const goals = targets.map(([goal, limit, unit]) => {
    const value = seen.get(goal);
    return {
      goal: `${goal} ≤ ${limit.toLocaleString('en')} ${unit}`,
      seen: `${round(value)} ${unit}`,
      met: value <= limit,
    };
  });
  const rows = [...seen].map(([operation, value]) => ({ operation, ...withUnit(operation, value) }));
  rows.push(...containers(samples).map(([operation, value]) => ({ operation, median: round(value), unit: 'µs' })));
  const title = 'Framework';
  const intro =
    'Service registry and lifecycle of the host in memory; plain `Map` and dependency injection containers beside it.';
  if (values.json) process.stdout.write(`${JSON.stringify({ title, intro, rows, goals }, undefined, 2)}\n`);
  else {
    console.table(rows);
    console.table(goals);
  }
}

/** Finding and registering with so many services there, each under a token of its own. */
async function lookups(samples) {
  const results = [];
  for (const size of [1, 1000, 100_000]) {
    const framework = createFramework();
    await framework.start();
    const { context } = framework;
    const tokens = Array.from({ length: size }, (_, n) => serviceToken(`bench.Token${n}`));
    const map = new Map();
    for (const [n, token] of tokens.entries()) {
      context.registerService(token, {}, { region: n % 2 ? 'eu' : 'us', n, 'service.pid': `pid.${n}` });
      map.set(token.id, { n });
    }
    const many = `${size.toLocaleString('en')} service${size > 1 ? 's' : ''}`;
    const pick = picker(tokens);
    const filters = tokens.slice(0, 500).map((_, n) => `(&(region=${n % 2 ? 'eu' : 'us'})(n=${n}))`);
    let at = 0;
    results.push([`plain Map look-up, ${many}`, time(samples, 2000, () => map.get(pick().id))]);
    results.push([`best reference by token, ${many}`, time(samples, 2000, () => context.getServiceReference(pick()))]);
    results.push([
      `token and filter, ${many}`,
      time(samples, 2000, () => {
        at = (at + 1) % filters.length;
        return context.getServiceReference(tokens[at], filters[at]);
      }),
    ]);
    if (size > 1) {
      const wanted = `(&(region=eu)(n=${size - 1}))`;
      const rounds = size > 1000 ? 3 : 50;
      results.push([
        `filter of 2 conjuncts, ${many}`,
        time(samples, rounds, () => context.getServiceReferences(undefined, wanted)),
      ]);
    }
    if (size > 1000) {
      const wanted = `(&(region=eu)(service.pid=pid.${size - 1}))`;
      results.push([
        `filter of 2 conjuncts, one indexed, ${many}`,
        time(samples, 1000, () => context.getServiceReferences(undefined, wanted)),
      ]);
    }
    const fresh = serviceToken('bench.Fresh');
    results.push([
      `register and unregister, ${many}`,
      time(samples, 1000, () => context.registerService(fresh, {}, { region: 'eu', n: 1 }).unregister()),
    ]);
    await framework.stop();
  }
  const framework = createFramework();
  await framework.start();
  const { context } = framework;
  const one = serviceToken('bench.One');
  for (let n = 0; n < 1000; n++) context.registerService(one, {}, { 'service.ranking': n % 10 });
  results.push(['best of 1,000 services of one token', time(samples, 2000, () => context.getServiceReference(one))]);
  results.push([
    'parse a filter of 2 conjuncts, cached',
    time(samples, 2000, () => createFilter('(&(region=eu)(n=1))')),
  ]);
  await framework.stop();
  return results;
}

/** Registering where so many trackers are open, one of which is interested. */
async function trackers(samples) {
  const results = [];
  for (const size of [1, 100, 1000]) {
    const framework = createFramework();
    await framework.start();
    const { context } = framework;
    const tokens = Array.from({ length: size }, (_, n) => serviceToken(`bench.Token${n}`));
    let calls = 0;
    const count = { adding: () => ++calls, removed: () => void ++calls };
    for (const token of tokens) new ServiceTracker(context, token, count).open();
    const many = `${size.toLocaleString('en')} tracker${size > 1 ? 's' : ''}`;
    results.push([
      `register and unregister, ${many}`,
      time(samples, 1000, () => context.registerService(tokens[size - 1], {}, { n: 1 }).unregister()),
    ]);
    if (calls !== (samples + warmups) * 1000 * 2) throw new Error(`the tracker was called ${calls} times`);
    await framework.stop();
  }
  return results;
}

/** 100 bundles with nothing but an activator: in memory, and as folders with a package.json and a module. */
async function bundles(samples) {
  const root = mkdtempSync(join(tmpdir(), 'oxtender-bench-'));
  const inline = Array.from({ length: 100 }, (_, n) => [
    `bench:${n}`,
    inlineBundle(`bench${n}`, { start: () => {}, stop: () => {} }),
  ]);
  const folders = Array.from({ length: 100 }, (_, n) => [trivialBundle(root, n), undefined]);
  try {
    return [
      ...(await cycles('100 trivial bundles', folders, samples)),
      ...(await cycles('100 inline bundles', inline, samples)),
    ];
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function cycles(name, contents, samples) {
  const framework = createFramework();
  await framework.start();
  const times = { 'install and start': [], stop: [], uninstall: [] };
  for (let sample = 0; sample < samples + warmups; sample++) {
    const installed = [];
    const begun = performance.now();
    for (const [location, content] of contents) {
      const bundle = await framework.context.installBundle(location, content);
      await bundle.start();
      installed.push(bundle);
    }
    const started = performance.now();
    for (const bundle of installed) await bundle.stop();
    const stopped = performance.now();
    for (const bundle of installed) await bundle.uninstall();
    const gone = performance.now();
    if (sample < warmups) continue;
    times['install and start'].push(started - begun);
    times.stop.push(stopped - started);
    times.uninstall.push(gone - stopped);
  }
  await framework.stop();
  return Object.entries(times).map(([what, each]) => [`${name}: ${what}`, median(each)]);
}

function trivialBundle(root, n) {
  const folder = join(root, `bench${n}`);
  mkdirSync(folder);
  const json = { name: `bench${n}`, version: '1.0.0', bundle: { activator: './index.js' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(json));
  writeFileSync(join(folder, 'index.js'), 'exports.start = () => {}; exports.stop = () => {};');
  return folder;
}

/** What dependency injection containers take for what they do. */
function containers(samples) {
  const tsyringe = require('tsyringe');
  const inversify = require('inversify');
  const awilix = require('awilix');
  class Service {}
  const ours = tsyringe.container.createChildContainer();
  ours.registerInstance('service', new Service());
  const theirs = new inversify.Container();
  theirs.bind('service').toConstantValue(new Service());
  const others = awilix.createContainer();
  others.register({ service: awilix.asValue(new Service()) });
  return [
    ['tsyringe: resolve an instance', time(samples, 2000, () => ours.resolve('service'))],
    ['inversify: get an instance', time(samples, 2000, () => theirs.get('service'))],
    ['awilix: resolve an instance', time(samples, 2000, () => others.resolve('service'))],
    ['tsyringe: child container', time(samples, 1000, () => ours.createChildContainer())],
    ['inversify: child container', time(samples, 100, () => new inversify.Container({ parent: theirs }))],
    ['awilix: scope', time(samples, 200, () => others.createScope())],
  ];
}

/** Samples that do not count: the compiler is at work yet. */
const warmups = 10;
let sink;

/** Median of samples, in microseconds per call. */
function time(samples, calls, run) {
  const taken = [];
  for (let sample = 0; sample < samples + warmups; sample++) {
    const begun = process.hrtime.bigint();
    for (let n = 0; n < calls; n++) sink = run();
    const nanoseconds = Number(process.hrtime.bigint() - begun);
    if (sample >= warmups) taken.push(nanoseconds / 1000 / calls);
  }
  if (sink === undefined && calls < 0) throw new Error('nothing was measured');
  return median(taken);
}

/** A member at random, the same ones in every run. */
function picker(members) {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return members[Math.floor((state / 2 ** 32) * members.length)];
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const round = (value) => Number(value.toPrecision(3));
const withUnit = (operation, value) => ({ median: round(value), unit: operation.startsWith('100 ') ? 'ms' : 'µs' });

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
