'use strict';
const { parseArgs } = require('node:util');
const { Groupware } = require('./groupware');
const { canPin, pinSelf, startHost } = require('./servers');

const bundles = ['storage', 'ox-bridge', 'usm', 'eas'];

/** How it was measured; the first words of each report. */
const setting = [
  'The real host with SQLite, protocol 16.1; Open-Xchange is the sandbox in a process of its own.',
  canPin
    ? 'The measured process has one core, the groupware and the load share another.'
    : 'Processes are not pinned to cores.',
].join(' ');

/** The servers of one run. */
class Lab {
  #servers;

  constructor(groupware) {
    this.groupware = groupware;
    this.#servers = [groupware.server];
  }

  /** The real host, measured. @param options - `profile`: where it writes what its CPU did */
  startHost(folder, { profile } = {}) {
    const flags = profile ? ['--cpu-prof', '--cpu-prof-dir', profile] : [];
    return this.add(startHost(folder, bundles, { core: 'measured', set: { 'ox.url': this.groupware.url }, flags }));
  }

  /** Stops a server in the end, if it still runs then. */
  async add(starting) {
    const server = await starting;
    this.#servers.unshift(server);
    return server;
  }

  async stop() {
    for (const server of this.#servers) await server.stop();
  }
}

/**
 * Runs a benchmark as a program: reads its options, starts the groupware, prints the report and stops the servers.
 *
 * @param program - the text of `--help`, and the benchmark's own options with their defaults, numbers and texts
 * @param measure - gets the lab and the options, returns the report
 */
async function runBenchmark({ help, defaults }, measure) {
  const options = optionsOf(defaults);
  if (options.help) return void process.stdout.write(help);
  pinSelf();
  const lab = new Lab(await Groupware.start());
  try {
    const report = await measure(lab, options);
    if (options.json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    else for (const part of [report.rows, report.goals]) console.table(part);
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  } finally {
    await lab.stop();
  }
}

function optionsOf(defaults) {
  const own = Object.entries(defaults).map(([name, value]) => [name, { type: 'string', default: String(value) }]);
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      profile: { type: 'string' },
      ...Object.fromEntries(own),
    },
  });
  for (const [name, value] of Object.entries(defaults))
    if (typeof value === 'number') values[name] = Number(values[name]);
  return values;
}

module.exports = { runBenchmark, setting };
