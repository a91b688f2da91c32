import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, Contacts, element } from '@oxtender/eas';
import type { Answer, Device, DeviceChange } from '@oxtender/eas-device';
import { expect } from 'chai';
import { DataFolder, HostProcess } from './support/host-process';
import { setUpPhone } from './support/phone';

describe('a part of the house is out of service', function () {
  this.timeout(60_000);
  const cleanUp = new DisposableStore();
  const data = new DataFolder();
  let host: HostProcess;
  let device: Device;

  before(async () => {
    cleanUp.add(data);
    host = await HostProcess.start(data.path);
    cleanUp.add(() => host[Symbol.asyncDispose]());
    device = cleanUp.add(await setUpPhone(host, 'OUTAGE'));
    await device.syncAll(device.folderOfType(9));
  });

  after(() => cleanUp.dispose());

  const expectBusy = ({ status, headers }: Answer): void => {
    expect(status).to.equal(503);
    expect(Number(headers['retry-after'])).to.be.greaterThan(0);
  };
  const newContact = (clientId: string): DeviceChange => ({
    kind: 'add',
    clientId,
    data: [element(Contacts.FirstName, 'Outage'), element(Contacts.LastName, clientId)],
  });
  /** The same bytes as before: what a phone does that got no answer. */
  const requestWith = (change: DeviceChange) =>
    device.syncRequest([device.collectionElement(device.collection(device.folderOfType(9)), { changes: [change] })]);

  it('OX cannot be reached: 503, nothing of the device is lost, and its change arrives once', async () => {
    const contacts = device.folderOfType(9);
    const collection = device.collection(contacts);
    const request = requestWith(newContact('while-ox-was-down'));
    await host.cli('stop', 'ox-sandbox');
    expectBusy(await device.send('Sync', request));
    expectBusy(await device.send('Sync', request));
    const other = device.syncRequest([device.collectionElement(collection)]);
    expectBusy(await device.send('Sync', other));
    await host.cli('start', 'ox-sandbox');

    const round = device.takeSync(collection, await untilServed(() => device.send('Sync', request)));
    expect(round.status).to.equal(1);
    expect(round.responses.map((response) => response.child(AirSync.Status)?.text)).to.deep.equal(['1']);
    expect([...round.added, ...round.deleted]).to.deep.equal([]);
    const again = await device.sync(contacts);
    expect({ added: again.added, deleted: again.deleted }).to.deep.equal({ added: [], deleted: [] });
    expect(await countOf(host, 'while-ox-was-down')).to.equal(1);
  });

  it('storage is disabled: 503 at once; it is enabled: devices are served again without a restart', async () => {
    const contacts = device.folderOfType(9);
    const { pid } = host.process;
    await host.cli('disable', 'storage');
    expectBusy(await device.send('Sync', requestWith(newContact('while-disabled'))));
    await host.cli('enable', 'storage');
    const answer = await untilServed(() => device.send('Sync', requestWith(newContact('while-disabled'))));
    expect(device.takeSync(device.collection(contacts), answer).status).to.equal(1);
    expect(await countOf(host, 'while-disabled')).to.equal(1);
    expect(host.process.pid).to.equal(pid);
  });
});

/** Repeats what is answered with 503, as the device does: the bundles come back one after the other. */
async function untilServed(send: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await send();
    if (answer.status !== 503) return answer;
  }
}

/** Contacts with this last name that a phone finds that has seen none. */
async function countOf(host: HostProcess, lastName: string): Promise<number> {
  await using phone = await setUpPhone(host, `COUNT${lastName.replaceAll('-', '')}`);
  const contacts = phone.folderOfType(9);
  await phone.syncAll(contacts);
  const items = [...phone.collection(contacts).items.values()];
  return items.filter((item) => item.child(Contacts.LastName)?.text === lastName).length;
}
