import { expect } from 'chai';
import { parseCredentials } from '../../src/http/credentials';

const basic = (text: string, encoding: BufferEncoding = 'utf8') =>
  `Basic ${Buffer.from(text, encoding).toString('base64')}`;
const parse = (header: string | undefined, pattern = '$USER@$DOMAIN') => parseCredentials(header, pattern);

describe('credentials', () => {
  it('reads UTF-8, and ISO-8859-1 where it is none', () => {
    expect(parse(basic('jürgen:pässwörd€'))).to.deep.equal({ login: 'jürgen', password: 'pässwörd€' });
    expect(parse(basic('jürgen:pässwörd', 'latin1'))).to.deep.equal({ login: 'jürgen', password: 'pässwörd' });
  });

  it('splits at the first colon; a password may hold more, or nothing', () => {
    expect(parse(basic('anna:a:b'))).to.deep.equal({ login: 'anna', password: 'a:b' });
    expect(parse(basic('anna:'))).to.deep.equal({ login: 'anna', password: '' });
  });

  it('makes a login of DOMAIN\\user by the pattern', () => {
    expect(parse(basic('example.com\\anna:x')).login).to.equal('anna@example.com');
    expect(parse(basic('example.com\\anna:x'), '$DOMAIN/$USER').login).to.equal('example.com/anna');
    expect(parse(basic('$USER\\$DOMAIN:x'), '$USER').login).to.equal('$DOMAIN');
    expect(parse(basic('\\anna:x')).login).to.equal('anna');
    expect(parse(basic('EXAMPLE\\anna@example.com:x')).login).to.equal('anna@example.com');
    expect(parse(basic('anna@example.com:x')).login).to.equal('anna@example.com');
  });

  it('takes the scheme in any case, and no other scheme', () => {
    expect(parse(`bAsIc  ${Buffer.from('a:b').toString('base64')}`).login).to.equal('a');
    for (const header of [
      undefined,
      '',
      'Basic',
      'Basic !',
      'Bearer abc',
      'Digest username="a"',
      basic('anna'),
      basic(':x'),
    ]) {
      expect(() => parse(header), String(header))
        .to.throw()
        .with.property('code', 'NO_CREDENTIALS');
    }
  });
});
