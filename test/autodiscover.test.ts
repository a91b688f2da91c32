import { DisposableStore } from '@oxtender/bundle-api';
import { Device, profiles } from '@oxtender/eas-device';
import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolder, HostProcess } from './support/host-process';

const alice = { user: 'alice@example.com', password: 'secret' };
const mobileSync = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';

describe('from a mail address to a working account', function () {
  this.timeout(60_000);
  const data = new DataFolder();
  const cleanUp = new DisposableStore();
  let host: HostProcess;

  before(async () => {
    cleanUp.add(data);
    host = await HostProcess.start(data.path, { set: { 'host.http.proxy': 'true' } });
    cleanUp.add(() => host[Symbol.asyncDispose]());
  });

  after(() => cleanUp.dispose());

  function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const request = `<EMailAddress>${alice.user}</EMailAddress><AcceptableResponseSchema>${mobileSync}</AcceptableResponseSchema>`;
    return fetch(host.url + path, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${alice.user}:${alice.password}`)}`, ...headers },
      body: `<Autodiscover xmlns="x"><Request>${request}</Request></Autodiscover>`,
    });
  }

  const urlIn = async (answer: Response) => /<Url>(.*)<\/Url>/.exec(await answer.text())?.[1] ?? '';

  it('leads a device to the endpoint, by XML and by JSON', async () => {
    const byXml = await urlIn(await ask('/AutoDiscover/AutoDiscover.xml'));
    expect(byXml).to.equal(`${host.url}/Microsoft-Server-ActiveSync`);
    const json = await fetch(`${host.url}/autodiscover/autodiscover.json?Email=${alice.user}&Protocol=ActiveSync`);
    expect(await json.json()).to.deep.equal({ Protocol: 'ActiveSync', Url: byXml });
    const device = new Device({ url: byXml.replace(/\/[^/]+$/, ''), ...alice }, profiles.ios, 'DISCOVERED');
    cleanUp.add(device);
    expect((await device.options()).status).to.equal(200);
  });

  it('names the host that the trusted proxy names, or the one that is configured, without a restart', async () => {
    const proxied = { 'X-Forwarded-Host': 'phones.example.com', 'X-Forwarded-Proto': 'https' };
    const xml = '/autodiscover/autodiscover.xml';
    expect(await urlIn(await ask(xml, proxied))).to.equal('https://phones.example.com/Microsoft-Server-ActiveSync');
    const key = 'com.openexchange.usm.eas.autodiscover.url';
    await host.cli('config', 'set', 'eas', `${key}=https://mail.example.com`);
    expect(await urlIn(await ask(xml, proxied))).to.equal('https://mail.example.com/Microsoft-Server-ActiveSync');
    const found = await fetch(host.url + xml, { redirect: 'manual' });
    expect([found.status, found.headers.get('location')]).to.deep.equal([302, `https://mail.example.com${xml}`]);
  });

  it('is a busy server while eas is stopped, and the page while usm is', async () => {
    await host.cli('stop', 'eas', '--transient');
    expect((await ask('/Autodiscover/Autodiscover.xml')).status).to.equal(503);
    await host.cli('start', 'eas');
    expect((await ask('/Autodiscover/Autodiscover.xml')).status).to.equal(200);
    await host.cli('stop', 'usm', '--transient');
    expect((await fetch(`${host.url}/oxtender/`)).status).to.equal(503);
    await host.cli('start', 'usm');
    expect((await fetch(`${host.url}/oxtender/`)).status).to.equal(200);
  });

  it('signs the profile as soon as there is a certificate, and says in the health when it cannot', async function () {
    if (spawnSync('openssl', ['version']).error) this.skip();
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: data.path, stdio: 'pipe' });
    const profile = async () => Buffer.from(await (await fetch(await profileUrl())).arrayBuffer());
    expect((await profile()).toString()).to.match(/^<\?xml/);
    expect(await host.cli('health')).to.match(/OK\s+selfservice\.profile.*profiles are not signed/);

    const [certificate, key] = [join(data.path, 'cert.pem'), join(data.path, 'key.pem')];
    await host.cli('config', 'set', 'selfservice', `profile.certificate=${certificate}`, `profile.key=${key}`);
    expect(await host.cli('health')).to.match(/WARN\s+selfservice\.profile.*profiles are not signed: ENOENT/);
    const names = ['-subj', '/CN=mail.example.com', '-keyout', key, '-out', certificate];
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', ...names);
    writeFileSync(join(data.path, 'signed'), await profile());
    const verify = ['-verify', '-binary', '-inform', 'DER', '-in', 'signed', '-CAfile', certificate, '-purpose', 'any'];
    expect(openssl('cms', ...verify).toString()).to.match(/^<\?xml[\s\S]*com\.apple\.eas\.account[\s\S]*<\/plist>\s*$/);
  });

  /** As the QR code says: no cookie is needed. */
  async function profileUrl(): Promise<string> {
    const login = await fetch(`${host.url}/oxtender/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ login: alice.user, password: alice.password }),
    });
    const Cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const page = await (await fetch(`${host.url}/oxtender/setup`, { headers: { Cookie } })).text();
    const link = /href="(http[^"]+\/s\/[\w-]+)"/.exec(page)?.[1] ?? expect.fail('no link in the page');
    return `${link}/profile.mobileconfig`;
  }
});
