import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { send } from '../../src/http/reply';

describe('sending a reply', () => {
  /** What a client gets when a request is answered in this way. */
  async function answerOf(work: (response: ServerResponse) => void): Promise<{ status: number; body: string }> {
    const server = createServer((_request, response) => work(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      return { status: response.status, body: await response.text() };
    } finally {
      server.close();
    }
  }

  it('writes bytes and streams', async () => {
    for (const body of [Buffer.from('text'), Readable.from([Buffer.from('te'), Buffer.from('xt')])])
      expect(await answerOf((response) => send({ status: 200, headers: {}, body }, response))).to.deep.equal({
        status: 200,
        body: 'text',
      });
  });

  it('leaves what the host said in its place, and reads no further', async () => {
    const unread = Readable.from([Buffer.from('late')]);
    const bodies = [undefined, Buffer.from('late'), unread];
    for (const body of bodies) {
      const answer = await answerOf((response) => {
        response.writeHead(503).end();
        send({ status: 200, headers: { 'Content-Length': 4 }, body }, response);
      });
      expect(answer).to.deep.equal({ status: 503, body: '' });
    }
    expect(unread.destroyed).to.equal(true);
  });
});
