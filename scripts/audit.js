#!/usr/bin/env node
'use strict';
/*
 * usage: scripts/audit.js [--required] [--report FILE]
 *
 * Fails when npm knows of a high or critical fault in a package that runs in production. What stays below is told. Where the registry
 * does not answer, says so and ends well: a machine without a network can still run the tests. --required makes that a failure, for a
 * machine that has one. --report reads what `npm audit --json` wrote.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');

const usage = 'usage: scripts/audit.js [--required] [--report FILE]';
const serious = ['high', 'critical'];

/** @returns {string} what `npm audit` says of the packages that run in production */
function ask() {
  const args = ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=20000'];
  return spawnSync('npm', args, { cwd: path.resolve(__dirname, '..'), encoding: 'utf8', timeout: 60_000 }).stdout ?? '';
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** @returns {{ name: string, severity: string, range: string, via: string }[]} worst first */
function findings({ vulnerabilities }) {
  return Object.values(vulnerabilities)
    .map(({ name, severity, range, via }) => ({
      name,
      severity,
      range,
      via: via.map((each) => (typeof each === 'string' ? each : `${each.title} ${each.url}`)).join(', '),
    }))
    .sort((a, b) => serious.indexOf(b.severity) - serious.indexOf(a.severity));
}

/** @returns {number} the exit status */
function main(args, say) {
  const { values } = parseArgs({
    args,
    options: {
      report: { type: 'string' },
      required: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(usage);
    return 0;
  }
  const report = parse(values.report === undefined ? ask() : fs.readFileSync(values.report, 'utf8'));
  if (!report.vulnerabilities) {
    say(`not checked: the registry does not answer (${report.message ?? report.error?.summary ?? 'no report'})`);
    return values.required ? 1 : 0;
  }
  const found = findings(report);
  for (const { name, severity, range, via } of found) say(`${severity} ${name} ${range}: ${via}`);
  const bad = found.filter(({ severity }) => serious.includes(severity));
  say(`${found.length} known faults in production dependencies, ${bad.length} of them high or critical`);
  return bad.length > 0 ? 1 : 0;
}

if (require.main === module)
  process.exitCode = main(process.argv.slice(2), (text) => void process.stdout.write(`${text}\n`));

module.exports = main;
