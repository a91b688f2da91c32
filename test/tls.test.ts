import { DisposableStore } from '@oxtender/bundle-api';
import { findProgram } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { type IssuedCertificate, TestAuthority } from './support/certificates';
import { DataFolder, HostProcess } from './support/host-process';
import { alice } from './support/phone';

describe('TLS by the host itself', function () {
  this.timeout(60_000);
  const cleanUp = new DisposableStore();
  const data = new DataFolder();
  const papers = new DataFolder();
  const place: IssuedCertificate = { certificate: join(papers.path, 'tls.pem'), key: join(papers.path, 'tls.key') };
  let authority: TestAuthority;
  let host: HostProcess;
  let port: number;

  before(async function () {
    if (!findProgram('openssl')) return this.skip();
    cleanUp.add(data);
    cleanUp.add(papers);
    authority = new TestAuthority(papers.path);
    use(authority.issue(['DNS:localhost']));
    host = await HostProcess.start(data.path, {
      set: {
        'host.http.tls.certificate': place.certificate,
        'host.http.tls.key': place.key,
        'host.http.tls.port': '0',
        'host.http.tls.address': '127.0.0.1',
      },
    });
    cleanUp.add(() => host[Symbol.asyncDispose]());
    const line = await host.logged((each) => each.includes('listens with TLS'));
    port = Number(new URL((JSON.parse(line) as { url: string }).url).port);
  });
  after(() => cleanUp.dispose());

  function use({ certificate, key }: IssuedCertificate): void {
    copyFileSync(certificate, place.certificate);
    copyFileSync(key, place.key);
  }

  async function handshake(maxVersion: 'TLSv1.1' | 'TLSv1.3' = 'TLSv1.3'): Promise<TLSSocket> {
    const ca = readFileSync(authority.file);
    const versions = { maxVersion, minVersion: 'TLSv1' as const, ciphers: 'ALL@SECLEVEL=0' };
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca, ...versions });
    cleanUp.add({ [Symbol.dispose]: () => void socket.destroy() });
    await once(socket, 'secureConnect');
    return socket;
  }

  /** One request on the connection, which stays open. */
  async function ask(socket: TLSSocket): Promise<string> {
    const authorization = Buffer.from(`${alice.user}:${alice.password}`).toString('base64');
    socket.write(
      `OPTIONS /Microsoft-Server-ActiveSync HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ${authorization}\r\n\r\n`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  }

  const shown = async (): Promise<string> => (await handshake()).getPeerX509Certificate()!.subject;
  /** Results are kept for two seconds. */
  async function healthSays(pattern: RegExp): Promise<void> {
    while (!pattern.test(await host.cli('health')));
  }

  it('serves phones', async () => {
    const socket = await handshake();
    expect(socket.authorized).to.equal(true);
    expect(await ask(socket)).to.match(/^HTTP\/1\.1 200 OK[^]*MS-ASProtocolVersions: .*16\.1/);
  });

  it('shows a new certificate to new connections, while those that are open go on', async () => {
    const open = await handshake();
    await ask(open);
    const before = await shown();
    const from = host.log.length;
    use(authority.issue(['DNS:localhost']));
    await host.logged((line) => line.includes('certificate read'), from);
    expect(await shown()).not.to.equal(before);
    expect(await ask(open)).to.match(/^HTTP\/1\.1 200/);
    expect(open.getPeerX509Certificate()!.subject).to.equal(before);
  });

  const wrong: readonly { name: string; spoil: () => void; says: string }[] = [
    { name: 'no certificate', spoil: () => writeFileSync(place.certificate, 'half a certif'), says: 'tls.pem' },
    {
      name: 'the key of another',
      spoil: () => copyFileSync(authority.issue(['DNS:x']).key, place.key),
      says: 'is not the key of',
    },
  ];
  for (const { name, spoil, says } of wrong) {
    it(`keeps the one before when the files are ${name}, and says so until they are good`, async () => {
      const before = await shown();
      let from = host.log.length;
      spoil();
      await host.logged((line) => line.includes('certificate refused, the one before stays'), from);
      expect(await shown()).to.equal(before);
      await healthSays(new RegExp(`WARN +tls certificate.*${says}`));
      from = host.log.length;
      use(authority.issue(['DNS:localhost']));
      await host.logged((line) => line.includes('certificate read'), from);
      expect(await shown()).not.to.equal(before);
      await healthSays(/OK +tls certificate/);
    });
  }

  it('tells of a certificate that ends soon', async () => {
    const from = host.log.length;
    use(authority.issue(['DNS:localhost'], 5));
    await host.logged((line) => line.includes('certificate read'), from);
    await healthSays(/WARN +tls certificate.*renew it/);
  });

  it('speaks no version of TLS before 1.2', async () => {
    const failure = await handshake('TLSv1.1').catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error);
  });
});
