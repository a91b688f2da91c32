'use strict';
const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, openSync, closeSync, readFileSync, rmSync } = require('node:fs');
const { availableParallelism, tmpdir } = require('node:os');
const path = require('node:path');
const { createInterface } = require('node:readline');

const root = path.resolve(__dirname, '..', '..');
/** What is measured has a core to itself; the groupware and the load share the next. */
const cores = { measured: 0, other: 1 };
const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** Milliseconds of a clock tick in /proc. */
const tick = 10;

/** A server in a process of its own, which prints `ready URL`. */
class Server {
  constructor(child, url, folder) {
    this.child = child;
    this.url = url;
    this.port = Number(new URL(url).port);
    this.folder = folder;
  }

  /** Milliseconds of CPU so far. */
  get cpu() {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'latin1').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * tick;
  }

  /** Bytes of resident memory. */
  get memory() {
    return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'latin1'))[1]) * 1024;
  }

  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** Starts a Node program; what it logs goes to a file, as an operator's does. */
async function startServer(args, { core, folder, flags = [] }) {
  const log = openSync(path.join(folder, 'log'), 'a');
  const command = [...(canPin ? ['taskset', '-c', String(cores[core])] : []), process.execPath, ...flags, ...args];
  const child = spawn(command[0], command.slice(1), { cwd: root, stdio: ['ignore', 'pipe', log] });
  closeSync(log);
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^ready (http:\S+)$/.exec(line)?.[1];
    if (url) return new Server(child, url, folder);
  }
  throw new Error(
    `${args[0]} ended before it was ready:\n${readFileSync(path.join(folder, 'log'), 'utf8').slice(-2000)}`,
  );
}

/** The real host with some of the bundles. */
function startHost(folder, bundles, { core, set = {}, flags }) {
  const args = [path.join(root, 'host', 'dist', 'src', 'main.js'), '--data', folder, '--port', '0'];
  args.push('--bundles', ...bundles.map((name) => path.join(root, 'bundles', name)));
  for (const [key, value] of Object.entries(set)) args.push('--set', `${key}=${value}`);
  return startServer(args, { core, folder, flags });
}

/** A folder that goes with the process. */
function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'oxtender-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Keeps this process, which makes the load, off the measured core. */
function pinSelf() {
  if (canPin) spawnSync('taskset', ['-cp', String(cores.other), String(process.pid)]);
}

module.exports = { canPin, pinSelf, root, startHost, startServer, temporaryFolder };
