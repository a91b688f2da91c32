import { GroupwareError, type Logger, SyncError } from '@oxtender/bundle-api';
import { AccessGate, ProvisioningGate, WipeGate } from '../../src/device/gates';
import { CommandSet } from '../../src/protocol/command-set';
import { commandTable } from '../../src/protocol/command-table';
import { services } from '../commands/scripted-call';
import { type Reply, type ServedEndpoint, serveEndpoint } from '../http/serve-endpoint';
import { complete, type Exchange, type Message, type Transcript } from './transcript';
import { worlds } from './worlds';

/** Headers of an answer that differ from run to run, or that Node writes. */
const transportHeaders = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding']);
const authorization = `Basic ${Buffer.from('anna@example.com:secret').toString('base64')}`;
const silent = new Proxy({} as Logger, { get: (_, name) => (name === 'child' ? () => silent : () => undefined) });

/** Sends a transcript's requests to the endpoint with all its commands, and writes down what comes back. */
export async function play(transcript: Transcript): Promise<Transcript> {
  const endpoint = await serveWorld(transcript.world);
  try {
    const exchanges: Exchange[] = [];
    for (const { request } of transcript.exchanges) exchanges.push(await exchange(complete(request), endpoint));
    return { ...transcript, exchanges };
  } finally {
    await endpoint.close();
  }
}

/** The endpoint with all its commands and gates, over a world. */
export async function serveWorld(name: string, log: Logger = silent): Promise<ServedEndpoint> {
  const makeWorld = worlds[name];
  if (!makeWorld) throw new Error(`no world '${name}'`);
  const { session, config, devices } = await makeWorld();
  return serveEndpoint({
    commands: new CommandSet(commandTable, { ...services(devices), config }),
    sessions: {
      verify: ({ password }) => checkPassword(password),
      open: async ({ password }) => {
        await checkPassword(password);
        return session.session;
      },
    },
    gates: [new WipeGate(), new AccessGate(), new ProvisioningGate(config)],
    config,
    clock: services().clock,
    log,
  });
}

/** Sends one request, with a password and a type for its body unless it has them. */
export async function sendRequest({ line, headers, bytes }: Message, endpoint: ServedEndpoint): Promise<Reply> {
  const [method = '', path = ''] = line.split(' ');
  const type = bytes && { 'Content-Type': 'application/vnd.ms-sync.wbxml', 'Content-Length': String(bytes.length) };
  return endpoint.send(method, path, { Authorization: authorization, ...type, ...headers }, bytes);
}

async function exchange(request: Message, endpoint: ServedEndpoint): Promise<Exchange> {
  const reply = await sendRequest(request, endpoint);
  return { request, answer: answerOf(reply, request.line.split(' ', 1)[0] ?? '') };
}

function answerOf({ status, headers, body }: Reply, method: string): Message {
  // The list of commands grows; one transcript that shows it is enough.
  const isHidden = (name: string) => transportHeaders.has(name) || (method === 'POST' && name === 'ms-asprotocolcommands');
  const shown = Object.entries(headers).filter(([name]) => !isHidden(name));
  return complete({
    line: String(status),
    headers: Object.fromEntries(shown.map(([name, value]) => [name, String(value)])),
    ...(body.length > 0 ? { bytes: body } : {}),
  });
}

async function checkPassword(password: string): Promise<void> {
  if (password === 'locked') throw new GroupwareError('NOT_ALLOWED', 'the account may not synchronise');
  if (password === 'crowded') throw new SyncError('TOO_MANY_DEVICES', 'the user has as many devices as there may be');
  if (password !== 'secret') throw new GroupwareError('AUTHENTICATION', 'refused');
  return Promise.resolve();
}
