'use strict';
/*
 * usage: npm run bench [-- NAME...] [OPTION...]
 *
 * Options are those of the benchmark: npm run bench -- eas --devices 1000. They stand in the page with its figures.
 *
 * Runs the benchmarks (bench/NAME.js; default all), prints their tables and puts them into docs/benchmarks.md with date
 * and machine. Each measures beside a baseline in the same run: ratios hold on other machines, absolute times do not.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const page = path.join(root, 'docs', 'benchmarks.md');
const known = fs
  .readdirSync(__dirname)
  .filter((name) => name.endsWith('.js') && name !== 'run.js')
  .map((name) => name.slice(0, -3));

/**
 * What a benchmark prints with --json.
 * @typedef {{ title: string, intro?: string, rows: Record<string, string | number>[], goals?: Goal[] }} Report
 * @typedef {{ goal: string, seen: string, met: boolean }} Goal
 */

const given = process.argv.slice(2);
const at = given.findIndex((word) => word.startsWith('--'));
const [wanted, options] = at < 0 ? [given, []] : [given.slice(0, at), given.slice(at)];

/** @returns {Report} */
function measure(name) {
  const script = path.join(__dirname, `${name}.js`);
  const run = spawnSync(process.execPath, ['--expose-gc', script, '--json', ...options], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
  if (run.status !== 0) throw new Error(`bench/${name}.js ended with ${run.status}`);
  return JSON.parse(run.stdout);
}

function table(rows) {
  if (rows.length === 0) return '';
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(columns.map((column) => String(row[column] ?? ''))));
  return [line(columns), line(columns.map(() => '---')), ...body].join('\n');
}

function section(name, report) {
  const goals = (report.goals ?? []).map(({ goal, seen, met }) => ({ goal, seen, met: met ? 'yes' : 'no' }));
  return [
    `## ${report.title}`,
    `\`${['npm run bench --', name, ...options].join(' ')}\`, ${new Date().toISOString().slice(0, 10)}, ${machine()}`,
    report.intro,
    table(report.rows),
    table(goals),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function machine() {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `Node ${process.versions.node}, ${cpus.length} × ${cpus[0]?.model.trim()}, ${memory} GiB`;
}

/** Replaces the section between the benchmark's marks, or adds it. */
function keep(name, text) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const old = fs.readFileSync(page, 'utf8');
  const block = `${begin}\n\n${text}\n\n${end}`;
  const from = old.indexOf(begin);
  const to = old.indexOf(end);
  fs.writeFileSync(
    page,
    from < 0 ? `${old.trimEnd()}\n\n${block}\n` : old.slice(0, from) + block + old.slice(to + end.length),
  );
}

for (const name of wanted.length > 0 ? wanted : known) {
  if (!known.includes(name)) throw new Error(`there is no bench/${name}.js; there are ${known.join(', ')}`);
  const text = section(name, measure(name));
  process.stdout.write(`${text}\n\n`);
  keep(name, text);
}
