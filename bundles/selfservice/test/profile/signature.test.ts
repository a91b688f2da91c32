import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSigner, sign } from '../../src/profile/signature';

const content = Buffer.from('<?xml version="1.0"?>\n<plist>Grüße</plist>\n', 'utf8');

/** Every signature is checked by OpenSSL, which had no part in making it. */
describe('the signature of profiles', function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), 'oxtender-signature-'));
  const file = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(file(name), 'utf8');
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

  before(function () {
    if (spawnSync('openssl', ['version']).error) {
      process.stderr.write('left out: signatures of profiles, openssl is not installed\n');
      this.skip();
    }
    const ca = ['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA', '-days', '2', '-nodes'];
    openssl('req', '-x509', '-newkey', 'rsa:2048', ...ca);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  /** A certificate of the test's own authority. */
  function issue(name: string, key: readonly string[]): void {
    openssl('req', '-new', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`, '-nodes');
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-days',
      '2',
      '-out',
      `${name}.pem`,
    );
  }

  function verify(signed: Uint8Array): Buffer {
    writeFileSync(file('signed.der'), signed);
    return openssl(
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      'signed.der',
      '-CAfile',
      'ca.pem',
      '-purpose',
      'any',
    );
  }

  for (const [name, ...key] of [
    ['rsa', '-newkey', 'rsa:2048'],
    ['p256', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    ['p384', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  ] as const) {
    it(`verifies, and gives the profile back (${name})`, async () => {
      issue(name, key);
      const signed = await sign(content, parseSigner(read(`${name}.pem`) + read('ca.pem'), read(`${name}.key`), ''));
      expect(verify(signed).equals(content)).to.equal(true);
      const certificates = openssl('cms', '-cmsout', '-print', '-inform', 'DER', '-in', 'signed.der').toString();
      expect(certificates).to.include(`CN=${name}`).and.to.include('CN=Test CA');
      const broken = Buffer.from(signed);
      broken.writeUInt8(broken.readUInt8(broken.indexOf('plist')) ^ 1, broken.indexOf('plist'));
      expect(() => verify(broken)).to.throw();
    });
  }

  it('takes a key with a passphrase', async () => {
    issue('locked', ['-newkey', 'rsa:2048']);
    openssl('rsa', '-aes256', '-passout', 'pass:hidden', '-in', 'locked.key', '-out', 'locked.enc.key');
    const signer = parseSigner(read('locked.pem'), read('locked.enc.key'), 'hidden');
    expect(verify(await sign(content, signer)).equals(content)).to.equal(true);
    expect(() => parseSigner(read('locked.pem'), read('locked.enc.key'), 'wrong')).to.throw();
  });

  it('refuses a key of another certificate, a file without one, and kinds of keys that cannot sign', () => {
    issue('one', ['-newkey', 'rsa:2048']);
    issue('two', ['-newkey', 'ed25519']);
    expect(() => parseSigner(read('one.pem'), read('two.key'), '')).to.throw(/does not belong/);
    expect(() => parseSigner(read('one.key'), read('one.key'), '')).to.throw(/no certificate/);
    expect(() => parseSigner(read('two.pem'), read('two.key'), '')).to.throw(/ed25519 cannot sign/);
  });
});
