import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { ValidateCert } from '../../src/commands/validate-cert';
import { type Element, ValidateCert as Page, element } from '../../src/wbxml';
import { ScriptedSession, config, execute, services } from './scripted-call';

const mailExtensions = 'keyUsage=digitalSignature\nextendedKeyUsage=emailProtection\nbasicConstraints=CA:false';
const authorityExtensions = 'keyUsage=keyCertSign,cRLSign\nbasicConstraints=critical,CA:true';

/** An authority by OpenSSL, whose certificates are real and whose mistakes are wanted. */
class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'validate-cert-'));
  #serial = 1;

  run(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Issues `name`; by itself without an issuer. Days count from now. */
  issue(
    name: string,
    issuer: string | undefined,
    extensions: string,
    dates: readonly [from: number, until: number],
  ): void {
    writeFileSync(this.path(`${name}.ext`), extensions);
    this.run(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
    );
    const signer = issuer ?? name;
    writeFileSync(this.path(`${signer}.txt`), readIfThere(this.path(`${signer}.txt`)));
    writeFileSync(this.path(`${signer}.cnf`), caConfig(signer));
    writeFileSync(this.path(`${signer}.serial`), String(1000 + this.#serial++));
    const self = issuer === undefined ? ['-selfsign'] : ['-cert', `${signer}.pem`];
    this.run(
      'ca',
      '-batch',
      '-config',
      `${signer}.cnf`,
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      '-keyfile',
      `${signer}.key`,
      ...self,
      '-extfile',
      `${name}.ext`,
      '-startdate',
      stamp(dates[0]),
      '-enddate',
      stamp(dates[1]),
      '-notext',
    );
  }

  revoke(issuer: string, name: string): void {
    this.run(
      'ca',
      '-config',
      `${issuer}.cnf`,
      '-keyfile',
      `${issuer}.key`,
      '-cert',
      `${issuer}.pem`,
      '-revoke',
      `${name}.pem`,
    );
  }

  list(issuer: string, file: string, ...times: string[]): string {
    this.run(
      'ca',
      '-gencrl',
      '-config',
      `${issuer}.cnf`,
      '-keyfile',
      `${issuer}.key`,
      '-cert',
      `${issuer}.pem`,
      '-out',
      file,
      ...times,
    );
    return this.path(file);
  }

  base64(name: string): string {
    return new X509Certificate(readFileSync(this.path(`${name}.pem`))).raw.toString('base64');
  }
}

const day = 86_400_000;
/** The time of the tests' clock. */
const now = Date.UTC(2026, 10, 22, 12, 30);
const stamp = (days: number) => new Date(now + days * day).toISOString().replace(/[-:T]|\.\d+/g, '');
const caConfig = (name: string) =>
  `[ca]\ndefault_ca=d\n[d]\ndatabase=${name}.txt\nserial=${name}.serial\nnew_certs_dir=.\ndefault_md=sha256\ndefault_days=30\ndefault_crl_days=30\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n`;

function readIfThere(path: string): string {
  const { status, stdout } = spawnSync('cat', [path], { encoding: 'utf8' });
  return status === 0 ? stdout : '';
}

function request(certificates: readonly string[], chain: readonly string[] = [], ...rest: Element[]): Element {
  const list = (texts: readonly string[]) => texts.map((text) => element(Page.Certificate, text));
  const given = chain.length > 0 ? element(Page.CertificateChain, list(chain)) : undefined;
  return element(Page.ValidateCert, given, element(Page.Certificates, list(certificates)), ...rest);
}

describe('ValidateCert', function () {
  this.timeout(60_000);
  let authority: Authority;

  before(function () {
    if (spawnSync('openssl', ['version']).error) this.skip();
    authority = new Authority();
    authority.issue('root', undefined, authorityExtensions, [-100, 1000]);
    authority.issue('stranger', undefined, authorityExtensions, [-100, 1000]);
    authority.issue('middle', 'root', authorityExtensions, [-90, 500]);
    authority.issue('anna', 'middle', mailExtensions, [-10, 100]);
    authority.issue('old', 'middle', mailExtensions, [-50, -1]);
    authority.issue('early', 'middle', mailExtensions, [-95, 100]);
    authority.issue('future', 'middle', mailExtensions, [1, 100]);
    authority.issue('web', 'middle', 'keyUsage=digitalSignature\nextendedKeyUsage=serverAuth', [-10, 100]);
    authority.issue('cipher', 'middle', 'keyUsage=keyEncipherment\nextendedKeyUsage=emailProtection', [-10, 100]);
    authority.issue('child', 'anna', mailExtensions, [-5, 50]);
    authority.issue('foreign', 'stranger', mailExtensions, [-5, 50]);
    authority.issue('taken', 'middle', mailExtensions, [-10, 100]);
  });

  after(() => {
    rmSync(authority.folder, { recursive: true, force: true });
  });

  const statuses = async (asked: Element, settings: Partial<typeof config> = {}): Promise<(string | undefined)[]> => {
    const trusting = { 'com.openexchange.usm.eas.certificates.authorities': [authority.path('root.pem')] };
    const command = new ValidateCert({ ...services(), config: { ...config, ...trusting, ...settings } });
    const answer = await execute(ValidateCert, asked, new ScriptedSession(), { command });
    return (answer?.children ?? []).map((child) => child.child(Page.Status)?.text ?? child.text);
  };

  const verdicts: readonly (readonly [name: string, status: string])[] = [
    ['anna', '1'],
    ['old', '7'],
    ['future', '7'],
    ['early', '8'],
    ['web', '6'],
    ['cipher', '9'],
    ['child', '11'],
    ['stranger', '9'],
    ['foreign', '4'],
  ];

  for (const [name, status] of verdicts)
    it(`answers ${status} for ${name}`, async () => {
      const chain = ['middle', 'anna', 'stranger'].map((one) => authority.base64(one));
      expect(await statuses(request([authority.base64(name)], chain))).to.deep.equal(['1', status]);
    });

  it('answers 5 when nobody knows the issuer, 10 for what is no certificate, each by itself', async () => {
    const all = [authority.base64('anna'), 'AAAA', '', 'no base64!', authority.base64('anna')];
    expect(await statuses(request(all))).to.deep.equal(['1', '5', '10', '10', '10', '5']);
  });

  it('answers 3 for a certificate that was tampered with', async () => {
    const bytes = Buffer.from(authority.base64('anna'), 'base64');
    const at = bytes.indexOf('anna');
    bytes.write('anne', at);
    const tampered = bytes.toString('base64');
    expect(await statuses(request([tampered], [authority.base64('middle')]))).to.deep.equal(['1', '3']);
  });

  it('asks the lists of the operator whether a certificate was revoked', async () => {
    const asked = (name: string, lists: readonly string[]) =>
      statuses(request([authority.base64(name)], [authority.base64('middle')], element(Page.CheckCRL, '1')), {
        'com.openexchange.usm.eas.certificates.revocation_lists': lists,
      });
    authority.revoke('middle', 'taken');
    const times = ['-crl_lastupdate', stamp(-1), '-crl_nextupdate', stamp(20)];
    const middle = authority.list('middle', 'middle.crl', ...times);
    const root = authority.list('root', 'root.crl', ...times);
    const outdated = authority.list(
      'root',
      'outdated.crl',
      '-crl_lastupdate',
      stamp(-20),
      '-crl_nextupdate',
      stamp(-10),
    );
    expect(await asked('anna', [middle, root])).to.deep.equal(['1', '1']);
    expect(await asked('taken', [middle, root])).to.deep.equal(['1', '13']);
    expect(await asked('anna', [middle, outdated])).to.deep.equal(['1', '14']);
    expect(await asked('anna', [])).to.deep.equal(['1', '16']);
    authority.revoke('root', 'middle');
    expect(await asked('anna', [middle, authority.list('root', 'later.crl', ...times)])).to.deep.equal(['1', '15']);
  });

  it('believes the authorities that Node.js brings along', async () => {
    expect(
      await statuses(request([authority.base64('anna')], [authority.base64('middle')]), {
        'com.openexchange.usm.eas.certificates.authorities': [],
      }),
    ).to.deep.equal(['1', '5']);
  });
});
