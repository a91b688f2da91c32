import type { GroupwareSession } from '@oxtender/bundle-api';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { LoginLimit } from '../../src/session/login-limit';
import { PageSessions } from '../../src/session/page-sessions';
import { linkLifetime, SetupLinks } from '../../src/session/setup-links';

const minute = 60_000;

/** A handle that tells whether it was given back. */
function handle(): { isDisposed: boolean; groupware: GroupwareSession } {
  const state = { isDisposed: false, groupware: {} as GroupwareSession };
  state.groupware = { [Symbol.dispose]: () => void (state.isDisposed = true) } as GroupwareSession;
  return state;
}

describe('PageSessions', () => {
  it('end when nothing was clicked for too long, and give the groupware back', async () => {
    const clock = new FakeClock();
    using sessions = new PageSessions(clock, { idle: 15 * minute, longest: 60 * minute });
    const one = handle();
    const { id } = sessions.create('anna', one.groupware);
    await clock.tick(14 * minute);
    expect(sessions.find(id)?.login).to.equal('anna');
    await clock.tick(14 * minute);
    expect(sessions.find(id)).to.not.equal(undefined);
    await clock.tick(15 * minute + 1);
    sessions.purge();
    expect([sessions.find(id), one.isDisposed, sessions.count]).to.deep.equal([undefined, true, 0]);
  });

  it('end after the longest time, whatever is clicked', async () => {
    const clock = new FakeClock();
    using sessions = new PageSessions(clock, { idle: 15 * minute, longest: 60 * minute });
    const one = handle();
    const { id } = sessions.create('anna', one.groupware);
    for (let passed = 0; passed < 60; passed += 10) {
      expect(sessions.find(id)).to.not.equal(undefined);
      await clock.tick(10 * minute);
    }
    expect([sessions.find(id), one.isDisposed]).to.deep.equal([undefined, true]);
  });

  it('end with the bundle and with a log-out, and have ids that nobody guesses', () => {
    const clock = new FakeClock();
    const sessions = new PageSessions(clock, { idle: minute, longest: minute });
    const handles = [handle(), handle()];
    const [first, second] = handles.map(({ groupware }) => sessions.create('anna', groupware));
    expect(first?.id)
      .to.match(/^[\w-]{32}$/)
      .and.to.not.equal(second?.id);
    expect(first?.csrfToken).to.not.equal(first?.id);
    if (first) sessions.end(first);
    expect(handles.map(({ isDisposed }) => isDisposed)).to.deep.equal([true, false]);
    sessions[Symbol.dispose]();
    expect(handles.map(({ isDisposed }) => isDisposed)).to.deep.equal([true, true]);
  });
});

describe('LoginLimit', () => {
  const options = { attempts: 3, window: 5 * minute };

  it('refuses after so many wrong passwords, until the time is over', async () => {
    const clock = new FakeClock();
    const limit = new LoginLimit(clock, options);
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(limit.waitFor('anna', '192.0.2.1')).to.equal(0);
      limit.begin('Anna', '192.0.2.1');
      await clock.tick(minute);
    }
    expect(limit.waitFor('anna', '192.0.2.1')).to.equal(2 * minute);
    expect(limit.waitFor('anna', '192.0.2.2')).to.equal(0);
    expect(limit.waitFor('bob', '192.0.2.1')).to.equal(0);
    await clock.tick(2 * minute + 1);
    expect(limit.waitFor('anna', '192.0.2.1')).to.equal(0);
  });

  it('counts tries that run at the same time, and forgives them with the right password', () => {
    const limit = new LoginLimit(new FakeClock(), options);
    for (let attempt = 0; attempt < 3; attempt++) limit.begin('anna', '192.0.2.1');
    expect(limit.waitFor('anna', '192.0.2.1')).to.be.greaterThan(0);
    limit.succeeded('anna', '192.0.2.1');
    expect(limit.waitFor('anna', '192.0.2.1')).to.equal(0);
  });

  it('bounds an address that tries many names, and a name that is tried from many addresses', () => {
    const limit = new LoginLimit(new FakeClock(), options);
    for (let at = 0; at < 30; at++) limit.begin(`user${at}`, '192.0.2.1');
    expect(limit.waitFor('anna', '192.0.2.1')).to.be.greaterThan(0);
    for (let at = 0; at < 30; at++) limit.begin('boss', `198.51.100.${at}`);
    expect(limit.waitFor('boss', '203.0.113.9')).to.be.greaterThan(0);
    expect(limit.waitFor('anna', '203.0.113.9')).to.equal(0);
  });
});

describe('SetupLinks', () => {
  it('name an account for a while, and carry no word of it', async () => {
    const clock = new FakeClock();
    const links = new SetupLinks(clock);
    const account = { login: 'anna', displayName: 'Anna', address: 'anna@example.com' };
    const token = links.create(account);
    expect(token).to.not.include('anna');
    expect(links.find(token)).to.deep.equal(account);
    await clock.tick(linkLifetime + 1);
    expect(links.find(token)).to.equal(undefined);
  });
});
