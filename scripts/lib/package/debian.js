'use strict';
/** From a list of files to a `.deb`. */
const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { root } = require('../prepare');

const maintainer = 'OXtender <oxtender@localhost>';
const scripts = ['preinst', 'postinst', 'prerm', 'postrm'];

/** Seconds since 1970 that all files carry: SOURCE_DATE_EPOCH, else the last commit's. */
function sourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given) return Number(given);
  return Number(execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }));
}

/** @returns {string} path of the package */
function buildPackage(one, { out, version, date }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oxtender-package-'));
  try {
    fs.chmodSync(folder, 0o755);
    for (const file of one.files) place(file, folder);
    const architecture = one.isNative
      ? execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim()
      : 'all';
    writeControl(one, { folder, version, architecture });
    touch(folder, date);
    const file = path.join(out, `oxtender-${one.name}_${version}_${architecture}.deb`);
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(date) };
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', folder, file], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return file;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function place({ from, to, link, folder: isFolder, text, mode = 0o644, keep = () => true }, folder) {
  const target = path.join(folder, to);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  if (link) fs.symlinkSync(link, target);
  else if (isFolder) fs.mkdirSync(target, { recursive: true });
  else if (text === undefined) copy(path.join(root, from), target, { mode, keep });
  else fs.writeFileSync(target, text, { mode });
}

/** Follows no links: what node_modules links to is listed by itself. */
function copy(from, to, { mode, keep, isTop = true }) {
  const stat = fs.lstatSync(from);
  if (stat.isSymbolicLink()) return;
  if (stat.isFile()) {
    fs.copyFileSync(from, to);
    fs.chmodSync(to, mode | (stat.mode & 0o111 ? 0o111 : 0));
    return;
  }
  fs.mkdirSync(to, { recursive: true });
  for (const name of fs.readdirSync(from).sort()) {
    if (keep(name, isTop)) copy(path.join(from, name), path.join(to, name), { mode, keep, isTop: false });
  }
}

function writeControl(one, { folder, version, architecture }) {
  const target = path.join(folder, 'DEBIAN');
  const kib = Math.ceil(sizeOf(folder) / 1024);
  fs.mkdirSync(target);
  const control = {
    Package: `oxtender-${one.name}`,
    Version: version,
    Architecture: architecture,
    Maintainer: maintainer,
    'Installed-Size': kib,
    Depends: one.depends.join(', '),
    Section: 'mail',
    Priority: 'optional',
    Description: `${one.description.split('. ')[0].slice(0, 78)}\n OXtender brings Exchange ActiveSync to Open-Xchange.`,
  };
  const lines = Object.entries(control).map(([name, value]) => `${name}: ${value}\n`);
  fs.writeFileSync(path.join(target, 'control'), lines.join(''));
  const configurations = one.files.filter(({ isConfiguration }) => isConfiguration).map(({ to }) => `/${to}\n`);
  if (configurations.length > 0) fs.writeFileSync(path.join(target, 'conffiles'), configurations.sort().join(''));
  fs.writeFileSync(path.join(target, 'md5sums'), checksums(folder));
  for (const name of scripts) {
    const file = path.join(root, 'packaging', `${one.bundle ? 'bundle' : one.name}.${name}`);
    if (!fs.existsSync(file)) continue;
    const text = fs
      .readFileSync(file, 'utf8')
      .replaceAll('@name@', one.name)
      .replaceAll('@bundle@', one.bundle ?? '')
      .replaceAll('@native@', String(one.isNative === true));
    fs.writeFileSync(path.join(target, name), text, { mode: 0o755 });
  }
}

function* filesIn(folder, inside = '') {
  for (const entry of fs.readdirSync(path.join(folder, inside), { withFileTypes: true })) {
    const name = path.posix.join(inside, entry.name);
    if (entry.isDirectory()) yield* filesIn(folder, name);
    else yield { name, isFile: entry.isFile() };
  }
}

function sizeOf(folder) {
  let size = 0;
  for (const { name } of filesIn(folder)) size += fs.lstatSync(path.join(folder, name)).size;
  return size;
}

function checksums(folder) {
  const lines = [];
  for (const { name, isFile } of filesIn(folder)) {
    if (!isFile || name.startsWith('DEBIAN/')) continue;
    lines.push(
      `${createHash('md5')
        .update(fs.readFileSync(path.join(folder, name)))
        .digest('hex')}  ${name}\n`,
    );
  }
  return lines.sort((a, b) => (a.slice(34) < b.slice(34) ? -1 : 1)).join('');
}

function touch(folder, date) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) touch(name, date);
    fs.lutimesSync(name, date, date);
    if (entry.isDirectory()) fs.chmodSync(name, 0o755);
  }
  fs.chmodSync(folder, 0o755);
  fs.utimesSync(folder, date, date);
}

module.exports = { buildPackage, sourceDate };
