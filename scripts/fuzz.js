#!/usr/bin/env node
'use strict';
/*
 * usage: npm run fuzz -- [--seconds N]
 *
 * Sends mutated real requests to the whole EAS endpoint, round after round with other seeds, for so many seconds (60).
 * Ends with 1 at the first failure; its seed is in the output, and FUZZ_SEED=N npm run fuzz repeats it.
 */
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { parseArgs } = require('node:util');

const { seconds } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } }).values;
const root = path.join(__dirname, '..');
const tests = ['transcripts/mutated-requests', 'wbxml/hostile-input', 'classes/hostile-items'];
const specs = tests.map((name) => path.join(root, 'bundles/eas/dist/test', `${name}.test.js`));
const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js');
const end = Date.now() + Number(seconds) * 1000;
let rounds = 0;
do {
  const args = [mocha, '--no-config', '--timeout', '120000', '--reporter', 'spec', ...specs];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  rounds += 1;
} while (Date.now() < end);
process.stdout.write(`${rounds} rounds without a failure\n`);
