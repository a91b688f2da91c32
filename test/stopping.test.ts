import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, Contacts, element } from '@oxtender/eas';
import { expect } from 'chai';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataFolder, HostProcess, root } from './support/host-process';
import { Load } from './support/load';
import { phoneAt, setUpPhone } from './support/phone';

describe('the host ends', function () {
  this.timeout(60_000);
  const cleanUp = new DisposableStore();
  const data = new DataFolder();
  let host: HostProcess;
  const start = async (): Promise<void> => {
    host = await HostProcess.start(data.path);
  };

  before(async () => {
    cleanUp.add(data);
    await start();
    cleanUp.add(() => host[Symbol.asyncDispose]());
  });

  after(() => cleanUp.dispose());

  it('by SIGTERM: what is in flight is answered, who waits is told to ask again, status 0', async () => {
    await using load = await Load.start(host);
    await load.served(3);
    // Two of the phones wait for news.
    await host.metricIs('usm_waiting_devices', (value) => value === 2);
    load.reset();
    expect(await withinTenSeconds(host.stop())).to.equal(0);
    const refused = /: busy$|ECONNREFUSED/;
    expect(load.failures.filter((outcome) => !refused.test(outcome))).to.deep.equal([]);
    for (const name of ['Ping, held', 'Sync, held']) expect(load.successes(name), name).to.be.at.least(1);
  });

  it('and starts again on the same data in seconds, without installing or building', async () => {
    const built = join(root, 'host', 'dist', 'src', 'main.js');
    const before = statSync(built).mtimeMs;
    await start();
    expect(host.log.filter((line) => /^(installing|building)/.test(line))).to.deep.equal([]);
    expect(statSync(built).mtimeMs).to.equal(before);
    await using phone = await setUpPhone(host, 'AGAIN');
    expect([...phone.folders.values()].length).to.be.greaterThan(5);
  });

  it('by SIGKILL in the middle of a sync: the next process goes on, nothing is lost or doubled', async () => {
    await using phone = await setUpPhone(host, 'SIGKILL');
    const contacts = phone.folderOfType(9);
    await phone.syncAll(contacts);
    const change = {
      kind: 'add',
      clientId: 'killed',
      data: [element(Contacts.FirstName, 'Kill'), element(Contacts.LastName, 'Nine')],
    } as const;
    const collection = phone.collection(contacts);
    const request = phone.syncRequest([phone.collectionElement(collection, { changes: [change] })]);
    const lost = phone.send('Sync', request).catch((error: unknown) => error);
    await Promise.race([lost, host.metricIs('http_requests_in_flight', (value) => value > 1)]);
    await host.stop('SIGKILL');
    await lost;
    expect(existsSync(join(data.path, 'store'))).to.equal(true);

    await start();
    await using again = phoneAt(host, phone);
    const answer = await again.send('Sync', request);
    const round = again.takeSync(again.collection(contacts), answer);
    expect(round.status).to.equal(1);
    expect(round.responses[0]?.child(AirSync.Status)?.text).to.equal('1');
    await using witness = await setUpPhone(host, 'WITNESS');
    await witness.syncAll(contacts);
    const same = [...witness.collection(contacts).items.values()].filter(
      (item) => item.child(Contacts.LastName)?.text === 'Nine',
    );
    expect(same).to.have.length(1);
  });
});

/** The promise of SIGTERM. */
async function withinTenSeconds<T>(ended: Promise<T>): Promise<T | 'late'> {
  return Promise.race([ended, sleep(10_000, 'late' as const, { ref: false })]);
}
