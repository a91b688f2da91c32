#!/usr/bin/env node
'use strict';
/*
 * usage: scripts/api.js check|update [--unreleased] [--package DIR]
 *
 * The public surface of bundle-api beside the one on record, bundle-api/api-report.md. `check` fails when they differ and
 * says which version the change demands: breaking 1.x -> 2.0.0, 0.1.x -> 0.2.0; additions 1.1 -> 1.2, 0.1.1 -> 0.1.2.
 * `update` records the surface once package.json has that version; with --unreleased under the version that it has, for
 * as long as nobody uses that version.
 */
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const semver = require('semver');
const { surfaceOf, printSurface, parseSurface, compare, versionAfter } = require('./lib/api-surface');

const usage = 'usage: scripts/api.js check|update [--unreleased] [--package DIR]';
const options = {
  unreleased: { type: 'boolean', default: false },
  package: { type: 'string', default: path.resolve(__dirname, '..', 'bundle-api') },
  help: { type: 'boolean', default: false },
};

/** @returns {number} the exit status */
function main(args, say) {
  const fail = (text) => {
    say(text);
    return 1;
  };
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [command] = positionals;
  if (values.help || (command !== 'check' && command !== 'update')) {
    say(usage);
    return values.help ? 0 : 2;
  }

  const file = path.join(values.package, 'api-report.md');
  const now = readPackage(values.package);
  const record = () => {
    write(file, now);
    say(`${path.relative(process.cwd(), file)}: the surface of ${now.version}`);
    return 0;
  };
  if (!fs.existsSync(file)) return command === 'update' ? record() : fail(`there is no ${file}: npm run api:update`);

  const before = parseReport(fs.readFileSync(file, 'utf8'));
  const changes = changesBetween(before.entries, now.entries);
  const wanted = versionAfter(before.version, changes);
  if (wanted === before.version) return command === 'update' ? record() : 0;

  for (const text of [...changes.breaking, ...changes.additions]) say(`  ${text}`);
  if (semver.lt(now.version, wanted) && !values.unreleased)
    return fail(
      `the surface of ${before.version} has changed: it must be version ${wanted}; set it, then npm run api:update`,
    );
  return command === 'update' ? record() : fail('surface and version have changed: npm run api:update');
}

/** @returns {{ version: string, entries: Map<string, import('./lib/api-surface').Surface> }} as it is built now */
function readPackage(folder) {
  const { version, exports: entries } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const typed = Object.entries(entries).filter(([, { types }]) => types);
  return { version, entries: new Map(typed.map(([name, { types }]) => [name, surfaceOf(path.join(folder, types))])) };
}

function changesBetween(before, now) {
  const all = { breaking: [], additions: [] };
  for (const entry of new Set([...before.keys(), ...now.keys()])) {
    const { breaking, additions } = compare(before.get(entry) ?? new Map(), now.get(entry) ?? new Map());
    all.breaking.push(...breaking.map((text) => `breaking: ${entry} ${text}`));
    all.additions.push(...additions.map((text) => `addition: ${entry} ${text}`));
  }
  return all;
}

function parseReport(text) {
  const version = /^Version (\S+)$/m.exec(text)?.[1] ?? '0.0.0';
  const blocks = text.matchAll(/^## `(.+)`\n+```ts\n([^]*?)\n```$/gm);
  return { version, entries: new Map([...blocks].map(([, name, block]) => [name, parseSurface(block)])) };
}

function write(file, { version, entries }) {
  const blocks = [...entries].map(
    ([name, surface]) => `## \`${name}\`\n\n\`\`\`ts\n${printSurface(surface)}\n\`\`\`\n`,
  );
  const intro =
    'The public surface, written by `npm run api:update`: what a reviewer reads to see what a change means to bundles.';
  fs.writeFileSync(file, ['# API report\n', `${intro}\n`, `Version ${version}\n`, ...blocks].join('\n'));
}

if (require.main === module)
  process.exitCode = main(process.argv.slice(2), (text) => void process.stdout.write(`${text}\n`));

module.exports = main;
