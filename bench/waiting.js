#!/usr/bin/env node
'use strict';
/*
 * usage: bench/waiting.js [--json] [--users N] [--devices N] [--pushed N] [--profile DIR]
 *
 * Phones that hold a Ping, on the real host with SQLite: all come back at once, as after an update, to a process that
 * knows none of them. The groupware is the sandbox in a host of its own. Build first.
 */
const { withCopies } = require('./eas/copies');
const { BenchDevice, inbox } = require('./eas/device');
const { Line } = require('./eas/line');
const { eachOf } = require('./eas/measure');
const { runBenchmark, setting } = require('./eas/program');
const { temporaryFolder } = require('./eas/servers');
const { measureWaiting } = require('./eas/waiting');

const help = `usage: bench/waiting.js [--json] [--users N] [--devices N] [--pushed N] [--profile DIR]

  --json        figures as JSON on standard output, instead of tables
  --devices N   devices that wait (default 10000)
  --users N     users to whom they belong (default 500)
  --pushed N    of the devices that wait, those who are told of a change (default 1000)
  --profile DIR where the measured host writes what its CPU did, for Chrome's developer tools
`;

/** Devices that are set up at a time. */
const atATime = 16;
const prefix = 'WAITING';
const say = (text) => process.stderr.write(`${text}\n`);
const loginOf = (number) => `user${number}@bench.example`;

runBenchmark({ help, defaults: { devices: 10_000, users: 500, pushed: 1000 } }, async (lab, options) => {
  const folder = temporaryFolder();
  const first = await lab.startHost(folder);
  const known = await prepare(first, lab.groupware, options);
  await first.stop();
  const devices = withCopies(folder, prefix, known, options.devices);
  const host = await lab.startHost(folder, options);
  return reportOf(await measureWaiting(host, lab.groupware, devices, { ...options, loginOf }));
});

/** A device of each user, which knows the inbox. */
async function prepare(host, groupware, { users }) {
  say(`${users} users`);
  for (let user = 0; user < users; user++) await groupware.addUser(loginOf(user));
  const devices = Array.from({ length: users }, (_, n) => new BenchDevice(loginOf(n), `${prefix}${n}`));
  const lines = Array.from({ length: atATime }, () => new Line(host.port));
  await eachOf(devices, atATime, async (device) => {
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

function reportOf([held, ...pushes]) {
  const slowest = Math.max(...pushes.map((row) => row['p99 ms']));
  const each = held['KiB each, at rest'];
  return {
    title: 'Devices that wait',
    intro: [
      setting,
      'Pushed: from the request that delivers a mail to the answer of each Ping.',
      'KiB each: what resident memory grows by from the first tenth of the Pings, at rest, to all of them: when all are back and the host is calm, and after two minutes of rest, when users are polled and nothing else happens.',
    ].join(' '),
    rows: [held, ...pushes],
    goals: [
      { goal: 'pushed within 500 ms (p99)', seen: `${slowest} ms`, met: slowest < 500 },
      { goal: '≤ 20 KiB for each device that waits, at rest', seen: `${each} KiB`, met: each <= 20 },
    ],
  };
}
