import { expect } from 'chai';
import fc from 'fast-check';
import { Ping } from '../../src/commands/ping';
import { RecentDocuments } from '../../src/http/recent-documents';
import { readRequest } from '../../src/http/request-document';
import type { ReceivedBody } from '../../src/http/received-body';
import { MemoryBytes, Ping as Tags, element, encode } from '../../src/wbxml';

const { descriptor } = Ping;
const wbxml = 'application/vnd.ms-sync.wbxml';
const bytesOf = (heartbeat: number): Uint8Array =>
  encode(element(Tags.Ping, element(Tags.HeartbeatInterval, heartbeat)));
const received = (bytes: Uint8Array): ReceivedBody => ({ bytes: new MemoryBytes(bytes), document: { bytes } });
const ping = (heartbeat: number): ReceivedBody => received(bytesOf(heartbeat));

describe('requests that devices repeat', () => {
  it('mean what they mean when they are read anew, whoever sends what in whichever order', () => {
    const request = fc.record({ device: fc.constantFrom('a', 'b'), heartbeat: fc.integer({ min: 60, max: 63 }) });
    fc.assert(
      fc.property(fc.array(request), (requests) => {
        const documents = new RecentDocuments();
        for (const { device, heartbeat } of requests) {
          const body = ping(heartbeat);
          const document = documents.read(device, descriptor, body, wbxml);
          expect(document).to.deep.equal(readRequest(descriptor, body, wbxml));
        }
      }),
    );
  });

  it('are read once, and no device meets the object of another', () => {
    const documents = new RecentDocuments();
    const first = documents.read('a', descriptor, ping(60), wbxml);
    expect(documents.read('a', descriptor, ping(60), wbxml)).to.equal(first);
    expect(documents.read('b', descriptor, ping(60), wbxml)).not.to.equal(first);
  });

  it('do not keep the buffer that they came in, nor change with it', () => {
    const documents = new RecentDocuments();
    const bytes = Buffer.from(bytesOf(60));
    const first = documents.read('a', descriptor, received(bytes), wbxml);
    bytes.set(bytesOf(61));
    expect(documents.read('a', descriptor, received(bytes), wbxml)).not.to.deep.equal(first);
    expect(documents.read('a', descriptor, ping(61), wbxml)).to.deep.equal(readRequest(descriptor, ping(61), wbxml));
  });

  it('are refused when they say that they are something else', () => {
    const documents = new RecentDocuments();
    documents.read('a', descriptor, ping(60), wbxml);
    expect(() => documents.read('a', descriptor, ping(60), 'text/plain')).to.throw("a body of type 'text/plain'");
  });
});
