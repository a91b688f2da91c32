'use strict';
/** A configuration file in which every key stands with its meaning: what operators get to edit. */
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('../prepare');

const width = 110;

/**
 * @param {string} pid
 * @param {object} schema JSON Schema of the configuration
 * @param {Record<string, string>} given values that stand in the file; the others are there as comments, with their defaults
 */
function propertiesFile(pid, { title = pid, properties }, given = {}) {
  const values = { ...curated(pid), ...given };
  const head = [
    `# ${title}`,
    '#',
    '# Saving this file is enough, the host reads it live, where a key says nothing else. A key that is commented out',
    '# has the value shown.',
  ];
  const blocks = Object.entries(properties).map(([key, schema]) => block(key, schema, values[key]));
  return `${[head, ...blocks].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function block(key, schema, value) {
  const written = value ?? defaultOf(schema);
  const line = `${key} =${written === '' ? '' : ` ${written}`}`;
  const meaning = [schema.title, schema.description].filter(Boolean).map(sentence);
  if (meaning.length === 0) throw new Error(`nothing says what ${key} means: give it a title in its schema`);
  if (schema['x-restart'] === 'host') meaning.push('Counts after a restart of the host.');
  return [...comment(meaning.join(' ')), ...comment(allowed(schema)), value === undefined ? `#${line}` : line];
}

const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

const kinds = {
  string: 'Text',
  array: 'A list, separated by commas',
  boolean: 'true or false',
  integer: 'A whole number',
  number: 'A number',
};

function allowed({ type, enum: choices, minimum, maximum, 'x-secret': isSecret }) {
  const parts = [
    choices ? `One of ${choices.join(', ')}` : kinds[type],
    minimum !== undefined && `at least ${minimum}`,
    maximum !== undefined && `at most ${maximum}`,
  ];
  return `${parts.filter(Boolean).join(', ')}.${isSecret ? ' A secret: better ${file:/path} than the text itself.' : ''}`;
}

function defaultOf({ default: value }) {
  if (value === undefined) return '';
  return Array.isArray(value)
    ? value.map((one) => String(one).replaceAll(',', '\\,')).join(', ')
    : String(value).replaceAll('\\', '\\\\');
}

function comment(text) {
  const lines = [];
  for (const word of text.split(/\s+/)) {
    if (lines.length > 0 && lines.at(-1).length + word.length < width) lines[lines.length - 1] += ` ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
}

/** Values that stand in the file of a checkout. */
function curated(pid) {
  const file = path.join(root, 'conf', `${pid}.properties`);
  if (!fs.existsSync(file)) return {};
  const pairs = fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => /^([\w.-]+) *= *(.*)$/.exec(line))
    .filter(Boolean);
  return Object.fromEntries(pairs.map(([, key, value]) => [key, value]));
}

module.exports = { propertiesFile };
