'use strict';
/** Which packages there are, and what is in each: files by the place where they are installed. */
const fs = require('node:fs');
const path = require('node:path');
const { minVersion } = require('semver');
const { root } = require('../prepare');
const { closureOf } = require('./closure');
const { propertiesFile } = require('./properties');

const home = 'usr/lib/oxtender';
const configuration = 'etc/oxtender';
const manuals = 'usr/share/doc/oxtender-host';

/** Beside `oxtender-host`, which every bundle needs. */
const neededBy = { usm: ['storage', 'ox-bridge'], eas: ['usm'], selfservice: ['eas'] };

/** Packages of which the process has one copy, the host's, although only bundles ask for them. */
const shared = ['typeorm'];

/** What an installation is to say where a checkout says something else: its groupware is a real one. */
const installed = { 'ox-bridge': { 'ox.url': 'http://localhost:8009/appsuite/api' } };

const manifestOf = (folder) => JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));

/** @param {string} version of all packages
 * @returns {{ name: string, description: string, depends: string[], files: object[], isNative: boolean }[]} */
function packages(version) {
  const names = fs
    .readdirSync(path.join(root, 'bundles'))
    .filter((name) => fs.existsSync(path.join(root, 'bundles', name, 'package.json')));
  const common = closureOf(['host', 'bundle-api', ...shared.map((name) => `node_modules/${name}`)]);
  const own = [...common, ...shared.map((name) => `node_modules/${name}`)];
  return [hostPackage(own, version), ...names.map((name) => bundlePackage(name, new Set(own), version))];
}

function hostPackage(modules, version) {
  const { hostSchema } = require(path.join(root, 'host/dist/src/launch/host-settings'));
  return {
    name: 'host',
    description: manifestOf('.').description,
    depends: ['nodejs (>= 20.19)', 'adduser', 'init-system-helpers (>= 1.54)'],
    isNative: false,
    files: [
      ...workspaceFiles('host', `${home}/host`, version),
      ...workspaceFiles('bundle-api', `${home}/bundle-api`, version),
      { to: `${home}/node_modules/@oxtender/bundle-api`, link: '../../bundle-api' },
      ...modules.map((location) => moduleFiles(location, home)),
      packaged('oxtender', 'usr/bin/oxtender', 0o755),
      packaged('oxtender.service', 'lib/systemd/system/oxtender.service'),
      // The host's own names for what Debian keeps in /etc.
      { to: 'var/lib/oxtender/conf', link: '../../../etc/oxtender' },
      { to: 'var/lib/oxtender/bundle.d', link: '../../../etc/oxtender/bundle.d' },
      { to: `${configuration}/bundle.d`, folder: true },
      conffile('host', hostSchema),
      ...['proxy', 'grafana'].map((name) => ({ from: `packaging/${name}`, to: `${manuals}/examples/${name}` })),
      ...['operators', 'database', 'security', 'eas'].map((name) => ({
        from: `docs/${name}.md`,
        to: `${manuals}/${name}.md`,
      })),
      ...documentation('host'),
    ],
  };
}

function bundlePackage(name, hosts, version) {
  const folder = `bundles/${name}`;
  const { description, bundle, peerDependencies } = manifestOf(folder);
  const api = minVersion(peerDependencies['@oxtender/bundle-api']);
  const needed = (neededBy[name] ?? []).map((other) => `oxtender-${other}`);
  return {
    name,
    description,
    bundle: bundle.symbolicName,
    depends: [`oxtender-host (>= ${api})`, ...needed],
    isNative: bundle.native === true,
    files: [
      ...workspaceFiles(folder, `${home}/${folder}`, version),
      ...closureOf([folder], hosts).map((location) => moduleFiles(location, `${home}/${folder}`, folder)),
      ...Object.entries(bundle.configuration ?? {}).map(([pid, schema]) => conffile(pid, schema)),
      ...documentation(name),
    ],
  };
}

/** What runs of a workspace: no sources, no tests, nothing for the compiler. */
function workspaceFiles(from, to, version) {
  const kept = fs
    .readdirSync(path.join(root, from))
    .filter((name) => !/^(src|test|dist|node_modules|package\.json|tsconfig.*|.*\.md|vite.*)$/.test(name));
  return [
    ...kept.map((name) => ({ from: `${from}/${name}`, to: `${to}/${name}` })),
    { to: `${to}/package.json`, text: `${JSON.stringify({ ...manifestOf(from), version }, undefined, 2)}\n` },
    { from: `${from}/dist/src`, to: `${to}/dist/src`, keep: isRun },
  ];
}

/** A package of node_modules, without what it carries for its own: that is listed by itself. */
function moduleFiles(location, to, within = '') {
  const inside = within !== '' && location.startsWith(`${within}/`) ? location.slice(within.length + 1) : location;
  return { from: location, to: `${to}/${inside}`, keep: isRunModule };
}

const isRun = (name) => !/\.(d\.ts|map|tsbuildinfo)$/.test(name);
const isRunModule = (name, isTop) =>
  !/\.(d\.[cm]?ts|map|md|markdown|o|a|c|cc|cpp|h|gyp|gypi)$/i.test(name) &&
  !(isTop && /^(node_modules|deps|test|tests|docs|\.github|obj\.target)$/.test(name)) &&
  name !== 'test_extension.node';

function conffile(pid, schema) {
  const text = propertiesFile(pid, schema, installed[pid]);
  return { to: `${configuration}/${pid}.properties`, text, mode: 0o640, isConfiguration: true };
}

function packaged(name, to, mode = 0o644) {
  return { from: `packaging/${name}`, to, mode };
}

function documentation(name) {
  return [{ from: 'packaging/copyright', to: `usr/share/doc/oxtender-${name}/copyright` }];
}

module.exports = { packages };
