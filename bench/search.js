#!/usr/bin/env node
'use strict';
/*
 * usage: bench/search.js [--json] [--sizes 1000,10000,100000] [--repeats N] [--profile DIR]
 *
 * Search over Exchange ActiveSync: the real host and the bridge, the sandbox in a host of its own, an inbox of several
 * sizes. A page is 20 mails with the beginning of their texts. The baseline is the smallest inbox. Build first.
 */
const { AirSyncBase, Search, element } = require('@oxtender/eas');
const { Device, profiles } = require('../scripts/device');
const { round } = require('./eas/measure');
const { runBenchmark } = require('./eas/program');
const { temporaryFolder } = require('./eas/servers');

const help = 'usage: bench/search.js [--json] [--sizes 1000,10000,100000] [--repeats N] [--profile DIR]\n';

/** What is searched: every mail has `Hello`, few have the number in their subject, none has the last word. */
const searches = [
  ['a word of every mail, first page', 'Hello', '0-19'],
  ['a word of every mail, results 500 to 519', 'Hello', '500-519'],
  ['a word of few mails', 'subject:77', '0-19'],
  ['a word of no mail', 'xylophone', '0-19'],
];

runBenchmark({ help, defaults: { sizes: '1000,10000,100000', repeats: 15 } }, async (lab, options) => {
  const sizes = options.sizes.split(',').map(Number);
  const host = await lab.startHost(temporaryFolder(), options);
  const measured = [];
  for (const size of sizes) measured.push(await measureSize(host, lab.groupware, { size, repeats: options.repeats }));
  return reportOf(sizes, measured);
});

/** @returns median milliseconds of each search */
async function measureSize(host, groupware, { size, repeats }) {
  const user = `search${size}@bench.example`;
  await groupware.addUser(user);
  await groupware.fill(user, { mails: size });
  const device = new Device({ url: host.url, user, password: 'secret' }, profiles.ios, `SEARCH${size}`);
  try {
    await device.options();
    await device.provision();
    await device.folderSync();
    return await measureSearches(device, repeats);
  } finally {
    await device[Symbol.asyncDispose]();
  }
}

async function measureSearches(device, repeats) {
  const medians = [];
  for (const [name, words, range] of searches) {
    const times = [];
    for (let round = 0; round <= repeats; round++) {
      const began = performance.now();
      const answer = await device.send('Search', request(words, range));
      times.push(performance.now() - began);
      check(name, answer);
    }
    // the first one warms up
    const sorted = times.slice(1).sort((a, b) => a - b);
    medians.push(sorted[Math.floor(sorted.length / 2)]);
  }
  return medians;
}

function request(words, range) {
  const preference = element(
    AirSyncBase.BodyPreference,
    element(AirSyncBase.Type, 1),
    element(AirSyncBase.TruncationSize, 512),
  );
  return element(
    Search.Search,
    element(
      Search.Store,
      element(Search.Name, 'Mailbox'),
      element(Search.Query, element(Search.And, element(Search.FreeText, words))),
      element(Search.Options, element(Search.Range, range), preference),
    ),
  );
}

function check(name, { status, element: root }) {
  const store = root?.child(Search.Response)?.child(Search.Store);
  const code = store?.child(Search.Status)?.text;
  if (status !== 200 || code !== '1') throw new Error(`${name}: HTTP ${status}, status ${code}`);
}

function reportOf(sizes, measured) {
  const label = (size) => `${size} mails, ms`;
  const rows = searches.map(([name], index) => ({
    search: name,
    ...Object.fromEntries(sizes.map((size, at) => [label(size), round(measured[at][index])])),
    'largest to smallest': round(measured.at(-1)[index] / measured[0][index]),
  }));
  const worst = Math.max(...rows.map((row) => row['largest to smallest']));
  const goals = [
    {
      goal: 'a page from the largest inbox takes at most twice as long as from the smallest',
      seen: `${worst} times at most`,
      met: worst <= 2,
    },
  ];
  const intro =
    'Median of a Search for 20 mails with 512 bytes of text, host, bridge and sandbox together; the baseline is the smallest inbox.';
  return { title: 'Search', intro, rows, goals };
}
