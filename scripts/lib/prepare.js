'use strict';
/**
 * Installs and builds what is missing, and nothing when nothing changed. Needs only Node and npm.
 * Used by scripts/start and scripts/test.
 */
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');
const stamps = path.join(root, 'node_modules', '.cache', 'oxtender');
const isRoot = process.getuid?.() === 0;

/** Says something to the person, apart from the program's own output. */
function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  fs.rmSync(path.join(root, '.prepare.lock'), { force: true });
  process.exit(1);
}

function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options }).status === 0;
}

function hasProgram(name) {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => fs.existsSync(path.join(folder, name)));
}

/**
 * Makes sure that Debian packages are there, each told by a program that it brings.
 * @param {Record<string, string>} packages program -> Debian package
 * @returns {boolean} false when something is missing that this user cannot install
 */
function ensureDebian(packages, purpose) {
  const lookIn = ['/usr/sbin', '/sbin'];
  const missing = Object.entries(packages)
    .filter(([program]) => !hasProgram(program) && !lookIn.some((folder) => fs.existsSync(path.join(folder, program))))
    .map(([, name]) => name);
  if (missing.length === 0) return true;
  const names = [...new Set(missing)];
  if (!isRoot || !hasProgram('apt-get')) {
    say(`${purpose} needs: ${names.join(' ')}. As root: apt-get install ${names.join(' ')}`);
    return false;
  }
  say(`installing ${names.join(' ')} (${purpose})`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env });
  return install() || (run('apt-get', ['update', '-qq'], { env }) && install());
}

function readStamp(name) {
  const file = path.join(stamps, name);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

function writeStamp(name, value) {
  fs.mkdirSync(stamps, { recursive: true });
  fs.writeFileSync(path.join(stamps, name), value);
}

function hashOf(files, describe) {
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(`${path.relative(root, file)}\0${describe(file)}\0`);
  return hash.digest('hex');
}

function filesBelow(folder, wanted, skip) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skip.has(entry.name)) return [];
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(file, wanted, skip);
    return wanted(entry.name) ? [file] : [];
  });
}

/** Every package.json and the lock file: what decides about node_modules. */
function installHash() {
  const skip = new Set(['node_modules', 'dist', '.git', 'data', 'src', 'test', 'docs']);
  const files = filesBelow(root, (name) => name === 'package.json' || name === 'package-lock.json', skip);
  return hashOf(files, (file) => fs.readFileSync(file, 'utf8')) + process.version;
}

/** Every source of the compiler, by content: a fresh clone has fresh times. */
function buildHash() {
  const skip = new Set(['node_modules', 'dist', '.git', 'data', 'docs']);
  const files = filesBelow(root, (name) => /\.tsx?$|^tsconfig.*\.json$/.test(name), skip);
  return hashOf(files, (file) => fs.readFileSync(file, 'utf8')) + readStamp('installed');
}

/** Every source of the page that a workspace has, by content. */
function pageHash(folder) {
  const skip = new Set(['node_modules', 'dist', 'test']);
  const files = filesBelow(folder, (name) => /\.(tsx?|css|html|svg|mjs)$/.test(name), skip);
  return hashOf(files, (file) => fs.readFileSync(file, 'utf8')) + readStamp('installed');
}

function hasBuild() {
  return fs.existsSync(path.join(root, 'host', 'dist', 'src', 'main.js'));
}

function install() {
  const wanted = installHash();
  if (readStamp('installed') === wanted) return;
  say('installing npm packages');
  const npm = () => run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  const compilers = { python3: 'python3', make: 'make', 'g++': 'g++' };
  if (!npm()) {
    // better-sqlite3 is compiled where no prebuilt binary can be had
    if (!ensureDebian(compilers, 'compiling better-sqlite3') || !npm()) fail('npm ci failed: see above');
  }
  writeStamp('installed', wanted);
}

function build() {
  const wanted = buildHash();
  if (hasBuild() && readStamp('built') === wanted) return;
  say('building');
  if (!run(process.execPath, [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b']))
    fail('the build failed: see above');
  writeStamp('built', wanted);
}

/** Pages of bundles: what has a vite.config.mjs is built by Vite into its dist/src/web. */
function buildPages() {
  for (const name of fs.readdirSync(path.join(root, 'bundles'))) {
    const folder = path.join(root, 'bundles', name);
    if (!fs.existsSync(path.join(folder, 'vite.config.mjs'))) continue;
    const wanted = pageHash(folder);
    const isThere = fs.existsSync(path.join(folder, 'dist', 'src', 'web', 'index.html'));
    if (isThere && readStamp(`page-${name}`) === wanted) continue;
    say(`building the page of ${name}`);
    if (!run('npm', ['run', '--silent', 'build:web'], { cwd: folder })) fail('the page could not be built: see above');
    writeStamp(`page-${name}`, wanted);
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`Node 20.19 or newer is needed, this is ${process.version}`);
}

/** Runs `work` while no other process of this checkout installs or builds. */
function alone(work) {
  const lock = path.join(root, '.prepare.lock');
  for (;;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(Number(fs.readFileSync(lock, 'utf8')))) fs.rmSync(lock, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  try {
    work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Installs and builds. A test that starts the host says that both are done: OXTENDER_PREPARED=1. */
function prepare() {
  if (process.env.OXTENDER_PREPARED === '1') return;
  checkNode();
  alone(() => {
    install();
    build();
    buildPages();
  });
}

module.exports = { root, say, fail, run, prepare, ensureDebian };
