#!/usr/bin/env node
'use strict';
/**
 * The WBXML codec beside JSON.parse and JSON.stringify of the same content, in one run.
 * Both sides begin or end with bytes; MB/s are of each side's own bytes, items/s compare.
 */
const { parseArgs } = require('node:util');

const help = `usage: bench/codec.js [--json] [--time MS] [--items N]

  --json      figures as JSON on standard output, instead of a table
  --time MS   how long each is measured (default 1000)
  --items N   contacts or mails in a document (default 500)
`;

/** What a device's address book looks like: 24 fields, some beyond ASCII. */
const contactValues = {
  FirstName: 'Jürgen',
  MiddleName: 'Maria',
  LastName: 'Müller-Lüdenscheidt',
  FileAs: 'Müller-Lüdenscheidt, Jürgen',
  Title: 'Dr.',
  CompanyName: 'Example GmbH',
  Department: 'Research',
  JobTitle: 'Head of Department',
  Email1Address: 'juergen.mueller@example.com',
  Email2Address: 'jm@home.example',
  BusinessPhoneNumber: '+49 221 5550100',
  MobilePhoneNumber: '+49 170 5550101',
  HomePhoneNumber: '+49 221 5550102',
  BusinessFaxNumber: '+49 221 5550103',
  BusinessAddressStreet: 'Hauptstraße 12',
  BusinessAddressCity: 'Köln',
  BusinessAddressPostalCode: '50667',
  BusinessAddressCountry: 'Germany',
  HomeAddressStreet: 'Lindenweg 3',
  HomeAddressCity: 'Bonn',
  HomeAddressPostalCode: '53111',
  HomeAddressCountry: 'Germany',
  WebPage: 'https://www.example.com/people/juergen',
  Birthday: '1971-03-14T00:00:00.000Z',
};

/** A list of mails with plain text cut at 2 KiB. */
const mailValues = {
  To: '"Anna Miller" <anna.miller@example.com>, "Bob Smith" <bob.smith@example.com>',
  From: '"Jürgen Müller" <juergen.mueller@example.com>',
  Subject: 'Minutes of our meeting about the new building',
  DateReceived: '2026-11-22T08:30:00.000Z',
  DisplayTo: 'Anna Miller; Bob Smith',
  ThreadTopic: 'Minutes of our meeting about the new building',
  Importance: '1',
  Read: '0',
  MessageClass: 'IPM.Note',
  InternetCPID: '65001',
  ContentClass: 'urn:content-classes:message',
  MIMEData: 'The quick brown fox jumps over the lazy dog, and then it sleeps in the sun. '.repeat(27),
};

async function main() {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      time: { type: 'string', default: '1000' },
      items: { type: 'string', default: '500' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const rows = [];
  for (const [content, page, record] of [
    ['contacts', 'Contacts', contactValues],
    ['mails', 'Email', mailValues],
  ]) {
    const tasks = tasksOf(page, record, Number(values.items));
    rows.push(...(await measure(content, tasks, Number(values.items), Number(values.time))));
  }
  if (values.json) process.stdout.write(`${JSON.stringify(report(rows), undefined, 2)}\n`);
  else console.table(rows);
}

/** What bench/run.js takes. */
function report(rows) {
  const decoded = Math.min(...rows.filter(({ task }) => task.startsWith('WBXML decode')).map((row) => row['MB/s']));
  return {
    title: 'Codec',
    intro: 'WBXML beside JSON of the same content; bytes on one side, records on the other. MB/s are of own bytes.',
    rows,
    goals: [{ goal: 'at least 40 MB/s of WBXML decoded', seen: `${decoded} MB/s at least`, met: decoded >= 40 }],
  };
}

/** The same records as WBXML and as JSON, and what is done with each. */
function tasksOf(page, values, count) {
  const { AirSync, decode, element, encode, ...pages } = require('../bundles/eas/dist/src/wbxml');
  const { container, many, object, optional, readDocument, text } = require('../bundles/eas/dist/src/protocol/schema');
  const { fieldTable, writeApplicationData } = require('../bundles/eas/dist/src/protocol/field-table');
  const fields = require('../bundles/eas/dist/src/protocol/fields');
  const names = Object.keys(values);
  const table = fieldTable(names.map((name) => fields.text(pages[page][name], name)));
  const records = Array.from({ length: count }, (_, index) =>
    Object.fromEntries([['ServerId', `a:${index}`], ...names.map((name) => [name, values[name]])]),
  );

  const itemTree = (record) => {
    const data = element(AirSync.ApplicationData, writeApplicationData(table, record, { version: '16.1' }));
    return element(AirSync.Add, element(AirSync.ServerId, record.ServerId), data);
  };
  const documentTree = () =>
    element(AirSync.Sync, element(AirSync.Collections, element(AirSync.Commands, records.map(itemTree))));
  const data = object(Object.fromEntries(names.map((name) => [name, optional(text(pages[page][name]))])));
  const item = object({ ServerId: text(AirSync.ServerId), data: container(AirSync.ApplicationData, data) });
  const commands = object({ items: container(AirSync.Commands, many(AirSync.Add, item)) });
  const schema = object({ commands: container(AirSync.Collections, commands) });

  const wbxml = encode(documentTree());
  const json = Buffer.from(JSON.stringify({ items: records }));
  return {
    'WBXML decode, typed values': [wbxml.length, () => readDocument(wbxml, AirSync.Sync, schema)],
    'WBXML decode, element tree': [wbxml.length, () => decode(wbxml)],
    'JSON.parse': [json.length, () => JSON.parse(json.toString('utf8'))],
    'WBXML encode, from records': [wbxml.length, () => encode(documentTree())],
    'JSON.stringify': [json.length, () => Buffer.from(JSON.stringify({ items: records }))],
  };
}

async function measure(content, tasks, items, time) {
  const { Bench } = await import('tinybench');
  const bench = new Bench({ time, warmupTime: Math.min(time, 300) });
  for (const [name, [, run]] of Object.entries(tasks)) bench.add(name, () => void run());
  await bench.run();
  return bench.tasks.map(({ name, result }) => {
    const perSecond = 1000 / result.latency.p50;
    const [bytes] = tasks[name];
    return {
      content,
      task: name,
      bytes,
      'MB/s': Math.round((bytes * perSecond) / 1e5) / 10,
      'items/s': Math.round(items * perSecond),
    };
  });
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
