import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { CommandSet } from '../../src/protocol/command-set';
import { commandTable } from '../../src/protocol/command-table';
import { ComposeMail, decode, element, encode } from '../../src/wbxml';
import { services } from '../commands/scripted-call';
import { worlds } from '../transcripts/worlds';
import { type LogLine, recordingLogger } from './recording-logger';
import { type Reply, type ServedEndpoint, serveEndpoint } from './serve-endpoint';

const mail = Buffer.from(
  `From: anna@example.com\r\nTo: bob@example.com\r\nSubject: Large\r\n\r\n${'Words and words.\r\n'.repeat(40_000)}`,
);

describe('A body that is too large for memory', () => {
  const lines: LogLine[] = [];
  let server: ServedEndpoint;

  beforeEach(async () => {
    lines.length = 0;
    const { session, config, devices } = await worlds['sending']!();
    const large = { ...config, 'com.openexchange.usm.eas.max_request_size': 1_000_000 };
    server = await serveEndpoint({
      commands: new CommandSet(commandTable, { ...services(devices), config: large }),
      sessions: { verify: () => Promise.resolve(), open: () => Promise.resolve(session.session) },
      gates: [],
      config: large,
      clock: services().clock,
      log: recordingLogger(lines),
    });
  });

  afterEach(() => server.close());

  const send = (version: string, clientId: string, headers: Record<string, string> = {}): Promise<Reply> => {
    const isOld = Number(version) < 14;
    const body = isOld
      ? mail
      : encode(element(ComposeMail.SendMail, element(ComposeMail.ClientId, clientId), element(ComposeMail.Mime, mail)));
    return server.send(
      'POST',
      '/x?Cmd=SendMail&User=anna&DeviceId=D1&DeviceType=test',
      {
        Authorization: `Basic ${Buffer.from('anna@example.com:secret').toString('base64')}`,
        'MS-ASProtocolVersion': version,
        'Content-Type': isOld ? 'message/rfc822' : 'application/vnd.ms-sync.wbxml',
        ...headers,
      },
      body,
    );
  };

  for (const version of ['12.1', '14.1', '16.1'])
    for (const [name, headers] of [
      ['as one', {}],
      ['in chunks', { 'Transfer-Encoding': 'chunked' }],
    ] as const)
      it(`is taken ${name} (${version})`, async () => {
        const { status, body } = await send(version, name, headers);
        expect({ status, bytes: body.length }).to.deep.equal({ status: 200, bytes: 0 });
      });

  for (const [version, http, status] of [
    ['12.1', 503, undefined],
    ['14.1', 200, '111'],
    ['16.1', 200, '111'],
  ] as const)
    it(`has the device come back where there is no room for it (${version})`, async () => {
      rmSync(server.contentFolder, { recursive: true });
      const reply = await send(version, 'no-room');
      const told = reply.body.length > 0 ? decode(reply.body).child(ComposeMail.Status)?.text : undefined;
      expect({ http: reply.status, status: told }).to.deep.equal({ http, status });
      if (http === 503) expect(Number(reply.headers['retry-after'])).to.be.above(0);
      const [error] = lines.filter(({ level }) => level === 'error');
      expect(error?.message).to.include('no room');
    });
});
