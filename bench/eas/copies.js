'use strict';
const { readdirSync } = require('node:fs');
const path = require('node:path');
const Database = require('better-sqlite3');
const { BenchDevice } = require('./device');

const tables = ['USMSessionFields', 'USMDataStorage', 'usmIdMapping', 'usmIdSequenceTable'];

/**
 * More devices that know what others know: their rows in the database of a host that does not run. To set up thousands
 * takes as many minutes as it takes seconds to copy them.
 *
 * @param devices - one for each user, named PREFIX0, PREFIX1, ...
 * @returns those and their copies, `count` in all
 */
function withCopies(folder, prefix, devices, count) {
  const database = open(folder);
  const users = devices.length;
  const last = database.prepare('SELECT MAX(usmSessionId) FROM USMSession').pluck().get();
  database.transaction(() => {
    for (let copy = 1; copy * users < count; copy++) copyAll(database, { prefix, users, by: copy * last, copy });
    database.prepare('UPDATE usmSessionIdSequenceTable SET id = ?').run(last * Math.ceil(count / users));
  })();
  database.close();
  return Array.from({ length: count }, (_, n) => copyOf(devices[n % users], `${prefix}${n}`));
}

function open(folder) {
  const data = path.join(folder, 'bundles', 'oxtender.storage');
  return new Database(
    path.join(
      data,
      readdirSync(data).find((name) => name.endsWith('.sqlite')),
    ),
  );
}

function copyAll(database, { prefix, users, by, copy }) {
  const columnsOf = (table) => database.pragma(`table_info(${table})`).map(({ name }) => name);
  const changed = {
    usmSessionId: `usmSessionId + ${by}`,
    device: `'${prefix}' || (substr(device, ${prefix.length + 1}) + ${users * copy})`,
  };
  for (const table of ['USMSession', ...tables]) {
    const columns = columnsOf(table);
    const values = columns.map((name) => changed[name] ?? name);
    database
      .prepare(
        `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${table}
         WHERE usmSessionId <= ${by / copy}`,
      )
      .run();
  }
}

function copyOf(device, id) {
  return Object.assign(new BenchDevice(device.login, id), { ...device, id });
}

module.exports = { withCopies };
