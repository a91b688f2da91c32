import { isOxtenderError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeForwardRequest } from '../../src/protocol/forward-request';
import { Frames } from '../../src/protocol/frames';
import { capture } from '../support/captures';
import { forwardRequest, packet } from '../support/web-server-packets';

const payloadsOf = (bytes: Buffer): Buffer[] => new Frames(8192).push(bytes);
const decode = (bytes: Buffer) => decodeForwardRequest(payloadsOf(bytes)[0] ?? Buffer.alloc(0));

/** What decoding ends with: nothing but an AjpError may be thrown. */
function outcome(payload: Buffer): string {
  try {
    decodeForwardRequest(payload);
    return 'decoded';
  } catch (error) {
    if (isOxtenderError(error)) return error.code;
    throw error;
  }
}

describe('Forward Request', () => {
  it('is read as the real mod_proxy_ajp writes it: OPTIONS', () => {
    const request = decode(capture('OPTIONS'));
    expect({ ...request, attributes: [...request.attributes.keys()], ssl: request.ssl.size }).to.deep.equal({
      method: 'OPTIONS',
      protocol: 'HTTP/1.1',
      uri: '/Microsoft-Server-ActiveSync',
      query: undefined,
      remoteAddress: '127.0.0.1',
      remoteHost: undefined,
      serverName: 'mail.example.com',
      serverPort: 18080,
      isSsl: false,
      headers: [
        ['host', 'mail.example.com'],
        ['authorization', 'Basic YWxpY2VAZXhhbXBsZS5jb206c2VjcmV0'],
        ['user-agent', 'Apple-iPhone12C1/1801.5'],
        ['connection', 'keep-alive'],
      ],
      secret: 'change-me',
      ssl: 0,
      attributes: ['AJP_REMOTE_PORT', 'AJP_LOCAL_ADDR'],
    });
  });

  it('and POST with a query, more headers and the first piece of the body behind it', () => {
    const [request, body] = payloadsOf(capture('POST'));
    const { method, query, headers } = decodeForwardRequest(request ?? Buffer.alloc(0));
    expect({ method, query }).to.deep.equal({
      method: 'POST',
      query: 'Cmd=FolderSync&User=alice%40example.com&DeviceId=A1&DeviceType=iPhone',
    });
    expect(Object.fromEntries(headers)).to.include({
      'content-type': 'application/vnd.ms-sync.wbxml',
      'content-length': '13',
      'MS-ASProtocolVersion': '14.1',
      'accept-encoding': 'gzip, deflate',
      cookie: 'a=1; b=2',
    });
    expect(body?.toString('hex')).to.equal('000d03016a00000756520330000101');
  });

  it('and a method without a code, from the attribute stored_method', () => {
    expect(decode(capture('stored method'))).to.include({
      method: 'MKCALENDAR',
      uri: '/oxtender/%C3%A4',
      query: 'x=1',
    });
  });

  it('is read as any web server may write it', () => {
    const text = fc.string({
      unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
      maxLength: 60,
    });
    const name = fc.constantFrom('host', 'accept', 'cookie', 'user-agent', 'x-one', 'MS-ASProtocolVersion');
    const forward = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PROPFIND', 'MKCALENDAR'),
      uri: text,
      query: fc.option(text, { nil: undefined }),
      remoteAddress: fc.option(text, { nil: undefined }),
      serverName: text,
      serverPort: fc.nat(0xffff),
      isSsl: fc.boolean(),
      headers: fc.array(fc.tuple(name, text), { maxLength: 20 }),
      secret: fc.option(text, { nil: undefined }),
      sslKeySize: fc.option(fc.nat(0xffff), { nil: undefined }),
      attributes: fc.dictionary(fc.stringMatching(/^[A-Z_]{1,10}$/), text, { maxKeys: 4 }),
    });
    fc.assert(
      fc.property(forward, ({ attributes, sslKeySize, ...rest }) => {
        const request = decode(forwardRequest({ attributes, sslKeySize, ...rest }));
        expect(request).to.deep.include(rest);
        expect(Object.fromEntries(request.attributes)).to.deep.equal({ ...attributes });
        expect([...request.ssl.values()]).to.deep.equal(sslKeySize === undefined ? [] : [sslKeySize]);
      }),
    );
  });

  it('that ends anywhere too early is malformed', () => {
    const [payload = Buffer.alloc(0)] = payloadsOf(capture('POST'));
    for (let end = 0; end < payload.length; end++)
      expect(outcome(payload.subarray(0, end)), `after ${end} bytes`).to.equal('MALFORMED_PACKET');
  });

  it('whose bytes were changed is read, malformed or refused, and nothing else', () => {
    const [payload = Buffer.alloc(0)] = payloadsOf(capture('POST'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(payload.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const bytes = Buffer.from(payload);
          for (const [at, value] of changes) bytes[at] = value;
          expect(outcome(bytes)).to.be.oneOf(['decoded', 'MALFORMED_PACKET', 'BAD_REQUEST']);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('with an unknown header, attribute or method is refused', () => {
    const [payload = Buffer.alloc(0)] = payloadsOf(forwardRequest({ headers: [['accept', 'x']] }));
    const changed = (from: string, to: string) => Buffer.from(payload.toString('hex').replace(from, to), 'hex');
    expect(outcome(changed('a001', 'a00f'))).to.equal('MALFORMED_PACKET');
    expect(outcome(changed('a001', 'a000'))).to.equal('MALFORMED_PACKET');
    expect(outcome(Buffer.concat([payload.subarray(0, -1), Buffer.of(0x0e, 0xff)]))).to.equal('MALFORMED_PACKET');
    expect(outcome(changed('0202', '021c'))).to.equal('BAD_REQUEST');
    expect(outcome(changed('0202', '02ff'))).to.equal('BAD_REQUEST');
  });
});

describe('frames', () => {
  it('are the same however the bytes are cut', () => {
    const bytes = Buffer.concat([capture('POST'), packet(), capture('OPTIONS')]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const frames = new Frames(8192);
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        const found = ends.flatMap((end, index) => frames.push(bytes.subarray(ends[index - 1] ?? 0, end)));
        expect(found).to.deep.equal(payloadsOf(bytes));
        expect(frames.isWithin).to.equal(false);
      }),
    );
  });

  it('are refused as soon as they cannot be any: HTTP, TLS, too long', () => {
    for (const bytes of ['GET / HTTP/1.1', '\x16\x03', '\x12\x34\xff\xff'])
      expect(() => new Frames(8192).push(Buffer.from(bytes, 'latin1')))
        .to.throw()
        .with.property('code', 'MALFORMED_PACKET');
    expect(new Frames(8192).push(packet(Buffer.alloc(8188)))).to.have.lengthOf(1);
    expect(() => new Frames(8192).push(packet(Buffer.alloc(8189))))
      .to.throw()
      .with.property('code', 'MALFORMED_PACKET');
  });
});
