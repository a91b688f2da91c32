import { expect } from 'chai';
import { cpong, endResponse, getBodyChunk, sendBodyChunks, sendHeaders } from '../../src/protocol/answer-packets';
import { decodeBodyChunk } from '../../src/protocol/body-chunk';

const hex = (bytes: Buffer): string => bytes.toString('hex');

/** The expected bytes are written by hand from "The AJP Protocol Reference", "Response Packet Structure". */
describe('packets to the web server', () => {
  it('CPong, End Response, Get Body Chunk', () => {
    expect(hex(cpong())).to.equal('4142000109');
    expect(hex(endResponse(true))).to.equal('414200020501');
    expect(hex(endResponse(false))).to.equal('414200020500');
    expect(hex(getBodyChunk(8192))).to.equal('41420003061ffa');
  });

  it('Send Headers, with coded names and others', () => {
    const headers = [
      ['Content-Type', 'text/plain'],
      ['set-cookie', 'a'],
      ['X-A', ''],
    ] as const;
    expect(hex(sendHeaders({ status: 200, message: 'OK', headers }, 8192))).to.equal(
      '41420028' +
        '04' +
        '00c8' +
        '00024f4b00' +
        '0003' +
        'a001000a746578742f706c61696e00' +
        'a00700016100' +
        '0003582d4100' +
        '000000',
    );
  });

  it('refuses headers that do not fit', () => {
    const head = { status: 200, message: 'OK', headers: [['X-A', 'x'.repeat(8180)] as const] };
    expect(() => sendHeaders(head, 8192))
      .to.throw()
      .with.property('code', 'ANSWER_TOO_LARGE');
    expect(sendHeaders(head, 16_384).length).to.be.greaterThan(8192);
    const huge = { status: 200, message: 'OK', headers: [['X-A', 'x'.repeat(70_000)] as const] };
    expect(() => sendHeaders(huge, 65_536))
      .to.throw()
      .with.property('code', 'ANSWER_TOO_LARGE');
  });

  it('Send Body Chunk, cut to packets, each with a zero at its end', () => {
    expect(sendBodyChunks(Buffer.from('hi'), 8192).map(hex)).to.deep.equal(['414200060300026869' + '00']);
    const packets = sendBodyChunks(Buffer.alloc(20_000, 1), 8192);
    expect(packets.map(({ length }) => length)).to.deep.equal([8192, 8192, 3640]);
    expect(sendBodyChunks(Buffer.alloc(0), 8192)).to.deep.equal([]);
  });
});

describe('a piece of a body', () => {
  it('is its length and its bytes; empty at the end, in both forms', () => {
    expect(decodeBodyChunk(Buffer.from('00026869', 'hex')).toString()).to.equal('hi');
    for (const end of ['', '0000']) expect(decodeBodyChunk(Buffer.from(end, 'hex')).length).to.equal(0);
  });

  it('that lies about its length is refused', () => {
    for (const bytes of ['00', '0001', '0003' + '6869', '0001' + '6869', 'ffff' + '68'])
      expect(() => decodeBodyChunk(Buffer.from(bytes, 'hex')))
        .to.throw()
        .with.property('code', 'MALFORMED_PACKET');
  });
});
