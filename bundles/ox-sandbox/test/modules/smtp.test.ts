import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { SMTPServer } from 'smtp-server';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

describe('mail to the outside', () => {
  const received: Received[] = [];
  let refuse = false;
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, callback) => callback(refuse ? new Error('no such user') : undefined),
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        received.push({ from, to: rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString() });
        callback();
      });
    },
  });
  let server: TestServer;
  let client: OxClient;

  before(async () => {
    smtp.listen(0, '127.0.0.1');
    await once(smtp.server, 'listening');
    const smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
    server = await TestServer.start({ smtpUrl });
    client = await OxClient.login(server.url);
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await new Promise<void>((resolve) => smtp.close(resolve));
  });

  const source =
    'From: alice@example.com\r\nTo: bob@example.com, Out <out@example.org>\r\nBcc: secret@example.org\r\nSubject: Out\r\n\r\nText';

  it('goes by SMTP to those who are no users here, without their Bcc', async () => {
    const { data } = await client.put<{ folder_id: string }>('mail', 'new', {}, source);
    expect(data.folder_id).to.equal('default0/Sent');
    expect(received).to.have.length(1);
    const [{ from, to, text }] = received as [Received];
    expect([from, to]).to.deep.equal(['alice@example.com', ['out@example.org', 'secret@example.org']]);
    expect(text).to.include('Subject: Out').and.not.to.include('secret@example.org');
  });

  it('fails as MSG-0035 when the server refuses, and leaves no copy in Sent', async () => {
    refuse = true;
    const before = (await client.get('mail', 'count', { folder: 'default0/Sent' })).data;
    expect(await client.put('mail', 'new', {}, source)).to.include({ code: 'MSG-0035', category: 1 });
    expect((await client.get('mail', 'count', { folder: 'default0/Sent' })).data).to.equal(before);
  });
});
