import { DisposableStore } from '@oxtender/bundle-api';
import { RedisServer } from '@oxtender/bundle-api/testing';
import { Connection, profiles } from '@oxtender/eas-device';
import { expect } from 'chai';
import { DataFolder, HostProcess } from './support/host-process';
import { alice, setUpPhone } from './support/phone';

const bob = { user: 'bob@example.com', password: 'secret' };

describe('guessing passwords', function () {
  this.timeout(120_000);
  const cleanUp = new DisposableStore();
  let first: HostProcess;
  let second: HostProcess;

  before(async function () {
    const redis = await RedisServer.start();
    if (!redis) return this.skip();
    cleanUp.add(redis);
    const set = { 'redis.url': redis.url, 'host.http.proxy': 'true' };
    const folders = [cleanUp.add(new DataFolder()), cleanUp.add(new DataFolder())] as const;
    first = await HostProcess.start(folders[0].path, { set });
    cleanUp.add(() => first[Symbol.asyncDispose]());
    // The same groupware, seen from another host.
    // A refused password is asked for again at once there, so that it is seen that it counts once all the same.
    second = await HostProcess.start(folders[1].path, {
      set: { ...set, 'ox.url': `${first.url}/ajax`, 'ox.login.backoff': '1' },
    });
    cleanUp.add(() => second[Symbol.asyncDispose]());
  });
  after(() => cleanUp.dispose());

  /** Status of the answer to a phone with this password that comes from this address. */
  async function tryAt(host: HostProcess, user: string, password: string, address: string): Promise<number> {
    const answer = await fetch(`${host.url}/Microsoft-Server-ActiveSync`, {
      method: 'OPTIONS',
      headers: {
        Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
        'X-Forwarded-For': address,
      },
    });
    return answer.status;
  }

  it('ends after ten of a user from an address, counted on all hosts together', async () => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess++)
      statuses.push(await tryAt(guess % 2 === 0 ? first : second, bob.user, `guess${guess}`, '203.0.113.1'));
    expect(statuses).to.deep.equal([...Array<number>(10).fill(401), 503, 503]);
    // Whether a guess is right is no longer told.
    expect(await tryAt(second, bob.user, bob.password, '203.0.113.1')).to.equal(503);
    expect(await tryAt(second, bob.user.toUpperCase(), 'again', '203.0.113.1')).to.equal(503);
    expect(await tryAt(first, bob.user, bob.password, '203.0.113.2')).to.equal(200);
    expect(await tryAt(first, alice.user, alice.password, '203.0.113.1')).to.equal(200);
    await second.logged((line) => line.includes('too many wrong passwords'));
  });

  it('ends as well when all are tried at the same time', async () => {
    const guesses = Array.from({ length: 30 }, (_, guess) => tryAt(first, alice.user, `burst${guess}`, '203.0.113.3'));
    const statuses = await Promise.all(guesses);
    expect(statuses.filter((status) => status === 401)).to.have.lengthOf(10);
    expect(statuses.filter((status) => status === 503)).to.have.lengthOf(20);
  });

  it('is not what a phone with an old password does: it locks out nobody, not even at its own address', async () => {
    const phone = cleanUp.add(await setUpPhone(first, 'NEWPASSWORD'));
    const old = cleanUp.add(new Connection({ url: first.url, ...alice, password: 'old' }, profiles.ios, 'OLDPASSWORD'));
    for (let count = 0; count < 40; count++) expect((await old.options()).status).to.equal(401);
    for (let count = 0; count < 120; count++)
      expect(await tryAt(second, alice.user, 'old', '203.0.113.9')).to.equal(401);
    expect(await tryAt(second, alice.user, alice.password, '203.0.113.9')).to.equal(200);
    expect((await phone.syncAll(phone.folderOfType(9))).at(-1)!.status).to.equal(1);
    const another = cleanUp.add(await setUpPhone(second, 'ANOTHER'));
    expect(another.folders.size).to.be.greaterThan(0);
  });

  it('of one user from many addresses ends too, and leaves alone the addresses where the user has been', async () => {
    // Bob has been at 203.0.113.2; some guesses are counted already.
    const statuses: number[] = [];
    for (let guess = 0; guess < 50; guess++)
      statuses.push(await tryAt(first, bob.user, `spread${guess}`, `203.0.113.${100 + guess}`));
    expect(statuses[0]).to.equal(401);
    expect(statuses.at(-1)).to.equal(503);
    expect(await tryAt(second, bob.user, bob.password, '203.0.113.99')).to.equal(503);
    expect(await tryAt(second, bob.user, bob.password, '203.0.113.2')).to.equal(200);
    expect(await tryAt(first, bob.user, bob.password, '203.0.113.99')).to.equal(503);
  });

  it('of many users from one address ends too', async () => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 103; guess++)
      statuses.push(await tryAt(first, `nobody${guess}@example.com`, 'secret1', '192.0.2.44'));
    expect(statuses.indexOf(503)).to.equal(100);
  });

  it('is seen at Autodiscover and on the page for users in the same way', async () => {
    const { user } = alice;
    const body = `<Autodiscover xmlns="x"><Request><EMailAddress>${user}</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006</AcceptableResponseSchema></Request></Autodiscover>`;
    const statuses: number[] = [];
    for (let guess = 0; guess < 11; guess++) {
      const answer = await fetch(`${first.url}/autodiscover/autodiscover.xml`, {
        method: 'POST',
        headers: {
          Authorization: `Basic ${Buffer.from(`${user}:auto${guess}`).toString('base64')}`,
          'X-Forwarded-For': '203.0.113.5',
        },
        body,
      });
      statuses.push(answer.status);
    }
    expect(statuses.slice(0, 10)).to.deep.equal(Array<number>(10).fill(401));
    expect(statuses[10]).not.to.equal(401);
    // Alice has sessions, whose password is known: from there it is not told from others.
    expect(await tryAt(first, user, alice.password, '203.0.113.5')).to.equal(503);
    expect(await tryAt(first, user, alice.password, '203.0.113.6')).to.equal(200);
  });
});
