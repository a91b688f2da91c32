import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { CommandParameters } from '../protocol/command';
import { commandCodes, type CommandName } from '../protocol/command-codes';
import { BadRequest } from './bad-request';
import type { RequestLine } from './request-line';

/** `Cmd=Sync&User=anna&DeviceId=...&DeviceType=...`, in any order, with headers beside. [MS-ASHTTP] "Plain Text Query Value". */
export function parsePlainQuery(query: string, headers: IncomingHttpHeaders): RequestLine {
  const { command, deviceId, deviceType, user, parameters } = queryOf(query);
  return {
    command,
    deviceId,
    deviceType,
    user,
    parameters,
    version: header(headers, 'ms-asprotocolversion')?.trim() ?? '',
    policyKey: policyKeyOf(header(headers, 'x-ms-policykey')),
    acceptMultiPart: header(headers, 'ms-asacceptmultipart') === 'T',
  };
}

/** What the query itself says. */
type Query = Pick<RequestLine, 'command' | 'deviceId' | 'deviceType' | 'user' | 'parameters'>;

/** A device sends the same few queries again and again. */
const known = new LRUCache<string, Query>({ max: 5000 });
const longestKept = 500;

/** @throws BadRequest UNKNOWN_COMMAND */
function queryOf(text: string): Query {
  let query = known.get(text);
  if (!query) {
    query = parseQuery(text);
    if (text.length <= longestKept) known.set(text, query);
  }
  return query;
}

function parseQuery(text: string): Query {
  const values = new Map([...new URLSearchParams(text)].map(([name, value]) => [name.toLowerCase(), value]));
  return {
    command: commandNamed(values.get('cmd') ?? ''),
    deviceId: values.get('deviceid') ?? '',
    deviceType: values.get('devicetype') ?? '',
    user: values.get('user'),
    parameters: parametersOf(values),
  };
}

/** @throws BadRequest UNKNOWN_COMMAND */
function commandNamed(name: string): CommandName {
  if (Object.hasOwn(commandCodes, name)) return name as CommandName;
  throw new BadRequest('UNKNOWN_COMMAND', `no command '${name.slice(0, 40)}'`);
}

/** Garbage counts as a key that no device was ever given. */
function policyKeyOf(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  return /^\s*\d{1,10}\s*$/.test(text) ? Number(text) : -1;
}

function parametersOf(values: ReadonlyMap<string, string>): CommandParameters {
  const saveInSent = values.get('saveinsent');
  const entries = {
    attachmentName: values.get('attachmentname'),
    collectionId: values.get('collectionid'),
    itemId: values.get('itemid'),
    longId: values.get('longid'),
    occurrence: values.get('occurrence'),
    saveInSent: saveInSent === undefined ? undefined : saveInSent.toUpperCase() === 'T',
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
