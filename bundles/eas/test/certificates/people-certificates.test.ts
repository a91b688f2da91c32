import type { SyncSession } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResolveRecipients } from '../../src/commands/resolve-recipients/resolve-recipients';
import { PeopleCertificates } from '../../src/certificates/people-certificates';
import type { CommandServices } from '../../src/protocol/command';
import { ResolveRecipients as Page, element } from '../../src/wbxml';
import { ScriptedSession, config, execute, services } from '../commands/scripted-call';

const day = 86_400_000;

describe('certificates of people', () => {
  const folder = mkdtempSync(join(tmpdir(), 'people-'));
  const path = (name: string): string => join(folder, name);
  const now = Date.now() + 3_600_000;

  /** Writes the file; returns the certificate. */
  function issue(file: string, days: number, ...more: readonly string[]): Buffer {
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      '/dev/null',
    ];
    execFileSync('openssl', [...request, '-subj', `/CN=${file}`, '-days', String(days), '-out', path(file), ...more], {
      stdio: 'pipe',
    });
    return new X509Certificate(readFileSync(path(file))).raw;
  }

  before(() => mkdirSync(path('sub')));
  after(() => rmSync(folder, { recursive: true }));

  it('are files that are named by the address, the one that holds longest first, and none that has expired', async () => {
    const short = issue('anna@example.com.pem', 10);
    const long = issue('anna@example.com.der', 20, '-outform', 'DER');
    const people = new PeopleCertificates(folder);
    expect(await people.of('Anna@Example.com', now)).to.deep.equal([long, short]);
    expect(await people.of('anna@example.com', now + 15 * day)).to.deep.equal([long]);
    expect(await people.of('anna@example.com', now + 30 * day)).to.deep.equal([]);
    expect(await people.of('bob@example.com', now)).to.deep.equal([]);
  });

  it('are in the folder and nowhere else', async () => {
    issue('eve@example.com.pem', 10);
    expect(await new PeopleCertificates(path('sub')).of('../eve@example.com', now)).to.deep.equal([]);
    expect(await new PeopleCertificates('').of('eve@example.com', now)).to.deep.equal([]);
  });

  it('that are none are left out', async () => {
    writeFileSync(path('bad@example.com.pem'), 'no certificate');
    expect(await new PeopleCertificates(folder).of('bad@example.com', now)).to.deep.equal([]);
  });

  it('reach the device; a file that cannot be read keeps nobody from being found', async () => {
    const der = issue('carl@example.com.pem', 10);
    mkdirSync(path('dora@example.com.pem'));
    const scripted = new ScriptedSession();
    const search = (text: string) =>
      Promise.resolve({ entries: [{ kind: 'user', displayName: text, address: text }], total: 1 });
    scripted.more = { groupware: { directory: { search } } as unknown as SyncSession['groupware'] };
    const command = new ResolveRecipients({
      ...services(),
      config: { ...config, 'com.openexchange.usm.eas.certificates.people': folder },
      clock: { now: () => now } as CommandServices['clock'],
    });
    const answer = await execute(
      ResolveRecipients,
      element(
        Page.ResolveRecipients,
        element(Page.To, 'carl@example.com'),
        element(Page.To, 'dora@example.com'),
        element(Page.Options, element(Page.CertificateRetrieval, 2)),
      ),
      scripted,
      { command },
    );
    const certificates = (answer?.children ?? []).flatMap(
      (response) => response.child(Page.Recipient)?.child(Page.Certificates) ?? [],
    );
    expect(certificates.map((one) => one.child(Page.Status)?.text)).to.deep.equal(['1', '7']);
    expect(certificates[0]?.child(Page.Certificate)?.text).to.equal(der.toString('base64'));
  });
});
