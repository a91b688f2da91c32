#!/usr/bin/env node
'use strict';
/** Shows and makes WBXML: `scripts/wbxml.js decode request.bin`. Runs the compiled code of bundles/eas. */
const { readFileSync } = require('node:fs');
const { parseArgs } = require('node:util');

const help = `usage: scripts/wbxml.js decode [--hex] FILE|-     print a document as XML
       scripts/wbxml.js encode [--hex] FILE|-     write XML as a document

  --hex    the WBXML side is hexadecimal text, as in a log or a transcript
  -h, --help

Namespaces are the names of the code pages: <Sync xmlns="AirSync" xmlns:Contacts="Contacts">.
Bytes are base64 in an element marked opaque="base64".
`;

const actions = {
  decode(input, { hex }) {
    const bytes = hex ? Buffer.from(input.toString('latin1').replace(/[^0-9a-f]/gi, ''), 'hex') : input;
    return wbxml().printXml(wbxml().decode(bytes));
  },
  encode(input, { hex }) {
    const bytes = Buffer.from(wbxml().encode(wbxml('/xml-reader').readXml(input.toString('utf8'))));
    return hex ? `${bytes.toString('hex')}\n` : bytes;
  },
};

function wbxml(module = '') {
  try {
    return require(`../bundles/eas/dist/src/wbxml${module}`);
  } catch (cause) {
    throw new Error('bundles/eas is not built: run npm run build', { cause });
  }
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { hex: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  const [action, file] = positionals;
  if (values.help) return void process.stdout.write(help);
  if (!Object.hasOwn(actions, action ?? '') || file === undefined || positionals.length > 2) {
    process.stderr.write(help);
    process.exitCode = 2;
    return;
  }
  process.stdout.write(actions[action](readFileSync(file === '-' ? 0 : file), values));
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
