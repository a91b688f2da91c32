import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, AirSyncBase, Contacts, element } from '@oxtender/eas';
import { type Device, type DeviceChange, profiles } from '@oxtender/eas-device';
import { freePort } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { DataFolder, HostProcess } from './support/host-process';
import { alice, setUpPhone } from './support/phone';
import { Proxy, proxyKinds } from './support/proxies';

/** What no client may make the host believe. */
const lies = {
  'X-Forwarded-For': '203.0.113.9',
  'X-Forwarded-Host': 'evil.example',
  'X-Forwarded-Proto': 'https',
};

describe('phones behind a web server with the shipped configuration', function () {
  this.timeout(120_000);
  const cleanUp = new DisposableStore();
  const data = new DataFolder();
  const proxies = new Map<string, Proxy>();
  let host: HostProcess;

  before(async () => {
    cleanUp.add(data);
    const port = String(await freePort());
    host = await HostProcess.start(data.path, {
      set: {
        ...{ 'host.http.proxy': 'true', 'ajp.enabled': 'true', 'ajp.port': port, 'ajp.secret': 'change-me' },
        'com.openexchange.usm.eas.ping.min_heartbeat': '8',
      },
    });
    cleanUp.add(() => host[Symbol.asyncDispose]());
    const behind = { http: new URL(host.url).host, ajp: `127.0.0.1:${port}` };
    for (const kind of proxyKinds) {
      const proxy = await Proxy.start(kind, behind);
      if (proxy) proxies.set(kind.name, cleanUp.add(proxy));
    }
  });

  after(() => cleanUp.dispose());

  const newContact = (clientId: string, note: string): DeviceChange => ({
    kind: 'add',
    clientId,
    data: [
      element(Contacts.LastName, clientId),
      element(AirSyncBase.Body, element(AirSyncBase.Type, 1), element(AirSyncBase.Data, note)),
    ],
  });
  const waiting = (count: number): Promise<void> => host.metricIs('usm_waiting_devices', (value) => value === count);

  for (const [index, kind] of proxyKinds.entries()) {
    describe(kind.name, () => {
      let proxy: Proxy;
      let phone: Device;

      before(function () {
        const started = proxies.get(kind.name);
        if (!started) this.skip();
        proxy = started;
      });

      /** Somebody else's phone, so to say, that adds a contact directly at the host. */
      async function addElsewhere(clientId: string): Promise<void> {
        await using other = await setUpPhone(host, `OTHER${index}`);
        const contacts = other.folderOfType(9);
        await other.syncAll(contacts);
        await other.sync(contacts, { changes: [newContact(clientId, 'short')] });
      }

      it('lets a phone be set up: OPTIONS, Provision, FolderSync', async () => {
        phone = cleanUp.add(await setUpPhone(proxy, `PROXY${index}`));
        expect(phone.folders.size).to.be.greaterThan(5);
        const { status, headers } = await phone.connection.options();
        expect(status).to.equal(200);
        expect(headers['ms-asprotocolversions']).to.include('14.1');
      });

      it('passes on a Sync with a large body, and a large answer', async () => {
        const contacts = phone.folderOfType(9);
        await phone.syncAll(contacts);
        const names = Array.from({ length: 50 }, (_, number) => `large${index}n${number}`);
        const note = 'Käse und Brot. '.repeat(4000);
        const round = await phone.sync(contacts, { changes: names.map((name) => newContact(name, note)) });
        const statuses = round.responses.map((response) => response.child(AirSync.Status)?.text);
        expect(statuses).to.deep.equal(names.map(() => '1'));
        await using again = await setUpPhone(proxy, `AGAIN${index}`, { ...profiles.ios, truncationSize: 100_000 });
        await again.syncAll(again.folderOfType(9));
        const items = [...again.collection(again.folderOfType(9)).items.values()];
        const large = items.filter((item) => names.includes(item.child(Contacts.LastName)?.text ?? ''));
        const texts = large.map((item) => item.child(AirSyncBase.Body)?.child(AirSyncBase.Data)?.text.trim());
        expect(texts).to.deep.equal(names.map(() => note.trim()));
      });

      it('holds a Ping until there is a change', async () => {
        const contacts = phone.folderOfType(9);
        await phone.syncAll(contacts);
        const ping = phone.ping([contacts], 900);
        await waiting(1);
        await addElsewhere(`wake${index}`);
        expect(await ping).to.deep.equal({ status: 2, changed: [contacts.serverId] });
        await waiting(0);
      });

      it('leaves nobody waiting for a phone that went away', async () => {
        const contacts = phone.folderOfType(9);
        await phone.syncAll(contacts);
        const gone = new AbortController();
        const aborted = phone.ping([contacts], 900, gone.signal).catch((error: unknown) => error);
        await waiting(1);
        gone.abort(new Error('out of the tunnel'));
        await aborted;
        if (kind.tellsOfAborts) return waiting(0);
        // Not told: the phone's next request ends the wait.
        const ended = host.logged((line) => line.includes(`PROXY${index}`) && line.includes('"Ping"'), host.log.length);
        const next = phone.ping([contacts], 900);
        await ended;
        await waiting(1);
        await addElsewhere(`tunnel${index}`);
        expect(await next).to.deep.equal({ status: 2, changed: [contacts.serverId] });
        await waiting(0);
      });

      it('holds nothing for a phone that never comes back, at the latest when its time is over', async () => {
        const contacts = phone.folderOfType(9);
        await phone.syncAll(contacts);
        const from = host.log.length;
        const gone = new AbortController();
        const aborted = phone
          .ping([contacts], kind.tellsOfAborts ? 900 : 8, gone.signal)
          .catch((error: unknown) => error);
        await waiting(1);
        gone.abort(new Error('the battery is empty'));
        await aborted;
        await host.logged((line) => line.includes(`PROXY${index}`) && line.includes('"Ping"'), from);
        await waiting(0);
        // The one that asks.
        await host.metricIs('http_requests_in_flight', (value) => value === 1);
      });

      it('tells the host its own word of where a request comes from', async () => {
        const from = host.log.length;
        const answer = await fetch(`${proxy.url}/oxtender/login`, {
          method: 'POST',
          headers: { ...lies, Origin: proxy.url },
          body: new URLSearchParams({ login: alice.user, password: `wrong${index}` }),
        });
        expect(answer.status).to.equal(403);
        const line = await host.logged((each) => each.includes('wrong password'), from);
        expect(JSON.parse(line)).to.include({ login: alice.user, address: '127.0.0.1' });
      });

      it('passes on Autodiscover in any spelling, and names itself', async () => {
        for (const path of ['/autodiscover/autodiscover.json', '/AutoDiscover/AutoDiscover.json']) {
          const query = `?Email=${alice.user}&Protocol=ActiveSync`;
          const answer = await fetch(proxy.url + path + query, { headers: lies });
          expect(await answer.json(), path).to.include({ Url: `${proxy.url}/Microsoft-Server-ActiveSync` });
        }
      });

      it('passes on nothing else, and no figures of the host', async () => {
        for (const path of ['/metrics', '/health', '/ajax/login', '/oxtenders'])
          expect((await fetch(proxy.url + path)).status, path).to.be.oneOf([404, 503]);
      });
    });
  }

  it('hold a Ping that nothing happens for through its whole minute, all at the same time', async function () {
    if (proxies.size === 0) this.skip();
    await using phones = new DisposableStore();
    const outcomes = Array.from(proxies.values(), async (proxy, index) => {
      const phone = phones.add(await setUpPhone(proxy, `MINUTE${index}`));
      const folder = phone.folderOfType(8);
      await phone.syncAll(folder);
      return { proxy: proxy.kind.name, ...(await phone.ping([folder], 60)) };
    });
    const expected = Array.from(proxies.keys(), (proxy) => ({ proxy, status: 1, changed: [] }));
    expect(await Promise.all(outcomes)).to.deep.equal(expected);
  });
});
