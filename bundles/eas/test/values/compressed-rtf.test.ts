import { expect } from 'chai';
import { textOfCompressedRtf, textOfRtf } from '../../src/values/compressed-rtf';

describe('RTF', () => {
  it('is unpacked: the example of [MS-OXRTFCP] "Compressed RTF"', () => {
    const bytes = Buffer.from(
      '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
      'hex',
    );
    expect(textOfCompressedRtf(bytes.toString('base64'))).to.equal('hello world');
  });

  it('gives its text, without fonts, colours and looks', () => {
    const rtf = String.raw`{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\colortbl;\red0\green0\blue0;}{\*\generator x;}\f0\b Gr\'fc\'dfe\b0\par Z\u252?rich\tab\{ok\}\line \'80 5}`;
    expect(textOfRtf(rtf)).to.equal('Grüße\nZürich\t{ok}\n€ 5');
  });

  it('is left alone when it is broken', () => {
    expect([textOfCompressedRtf(''), textOfCompressedRtf('AAAAAAAAAAAAAAAAAAAAAAAAAAAA')]).to.deep.equal([
      undefined,
      undefined,
    ]);
  });
});
