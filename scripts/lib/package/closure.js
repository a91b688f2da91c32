'use strict';
/** What a workspace needs at run time, read from the lock file as Node.js itself would find it. */
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('../prepare');

const locked = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;

/** Where the package that stands at `from` finds `name`; undefined: nowhere, as of an optional one. */
function resolve(from, name) {
  for (let folder = from; ; folder = parentOf(folder)) {
    const found = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (locked[found]) return found;
    if (folder === '') return undefined;
  }
}

/** `node_modules/a/node_modules/b` stands in `node_modules/a`, that in the root. */
function parentOf(location) {
  const at = location.lastIndexOf('/node_modules/');
  return at < 0 ? '' : location.slice(0, at);
}

/**
 * @param {string[]} start locations of packages, as in the lock file
 * @param {ReadonlySet<string>} without locations that are there already
 * @returns {string[]} locations of all that they need, without themselves and without workspaces
 */
function closureOf(start, without = new Set()) {
  const seen = new Set();
  const queue = [...start];
  for (const location of queue) {
    const { dependencies = {}, optionalDependencies = {} } = locked[location] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = resolve(location, name);
      if (!found || seen.has(found) || without.has(found) || !fs.existsSync(path.join(root, found))) continue;
      seen.add(found);
      if (!locked[found].link) queue.push(found);
    }
  }
  return [...seen].filter((location) => !locked[location].link).sort();
}

module.exports = { closureOf };
