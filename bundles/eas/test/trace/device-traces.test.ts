import { expect } from 'chai';
import { Parts } from '../../src/commands/item-operations/multipart';
import type { Exchange } from '../../src/http/exchange';
import { receivedBody } from '../../src/http/received-body';
import { DeviceTraces, type TraceRecord } from '../../src/trace/device-traces';
import { AirSyncBase, ComposeMail, element, encode, ItemOperations, MemoryBytes } from '../../src/wbxml';

const secret = 'A very private text';

/** As much of a request as a record is made of. */
function exchangeOf(device: string, contentType = ''): Exchange {
  const line = { deviceId: device, command: 'ItemOperations', version: '14.1', user: 'alice' };
  const context = { get: () => contentType };
  return {
    line,
    login: 'alice',
    requestId: 'r1',
    started: 0,
    http: 200,
    context,
    logFields: () => ({ backendCalls: 2 }),
  } as unknown as Exchange;
}

describe('traces of a device', () => {
  const records: TraceRecord[] = [];
  let traces: DeviceTraces;
  let listening: Disposable;

  beforeEach(() => {
    records.length = 0;
    traces = new DeviceTraces({ now: () => 5 });
    listening = traces.listen('PHONE', (record) => records.push(record));
  });

  it('show the document of a multipart answer, and of its parts only how many bytes come', () => {
    const parts = new Parts(true);
    const number = parts.add(new MemoryBytes(Buffer.from(secret)));
    const data = element(AirSyncBase.Data, 'inline');
    const document = element(ItemOperations.ItemOperations, element(ItemOperations.Part, number), data);
    traces.answer(exchangeOf('PHONE'), parts.answer(document));
    expect(records[0]).to.include({ direction: 'answer', contentType: 'application/vnd.ms-sync.multipart', http: 200 });
    expect(records[0]?.xml).to.include('<Part>1</Part>').and.include('<AirSyncBase:Data>[6]</AirSyncBase:Data>');
    expect(records[0]?.bytes).to.be.greaterThan(secret.length);
    expect(JSON.stringify(records)).to.not.include(secret).and.not.include('inline');
  });

  it('show of a mail that is sent as it is only its kind and length', async () => {
    const mime = Buffer.from(`To: bob@example.com\r\n\r\n${secret}`);
    traces.request(
      exchangeOf('PHONE', 'message/rfc822; charset=utf-8'),
      await receivedBody(new MemoryBytes(mime), false),
    );
    expect(records[0]).to.include({ contentType: 'message/rfc822', bytes: mime.length });
    expect(records[0]).to.not.have.property('xml');
    expect(JSON.stringify(records)).to.not.include(secret);
  });

  it('show of a large mail in a document its place in the document', async () => {
    const mime = Buffer.alloc(3_000_000, secret);
    const bytes = encode(
      element(ComposeMail.SendMail, element(ComposeMail.ClientId, 'c1'), element(ComposeMail.Mime, mime)),
    );
    traces.request(exchangeOf('PHONE'), await receivedBody(new MemoryBytes(bytes), true));
    expect(records[0]?.xml).to.include('<ClientId>c1</ClientId>').and.include(`<Mime>[${mime.length}]</Mime>`);
    expect(JSON.stringify(records)).to.not.include(secret);
  });

  it('show of a body that is no document nothing of it', async () => {
    const body = await receivedBody(new MemoryBytes(Buffer.from(`<Sync>${secret}</Sync>`)), true);
    traces.request(exchangeOf('PHONE', 'application/vnd.ms-sync.wbxml'), body);
    expect(records[0]).to.include({ contentType: 'application/vnd.ms-sync.wbxml' });
    expect(JSON.stringify(records)).to.not.include(secret);
  });

  it('show nothing of other devices, and nothing when nobody listens any more', () => {
    traces.answer(exchangeOf('OTHER'), undefined);
    listening[Symbol.dispose]();
    traces.answer(exchangeOf('PHONE'), undefined);
    expect(records).to.deep.equal([]);
  });
});
