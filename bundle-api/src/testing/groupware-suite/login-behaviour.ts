import { expect } from 'chai';
import { failureOf, type Scene } from './fixture';

/** GroupwareBridge.login. */
export function describeLogin(scene: () => Scene): void {
  describe('login', () => {
    it('refuses a wrong password with AUTHENTICATION, and again without a doubt', async () => {
      const { fixture, options } = scene();
      const wrong = { ...fixture.alice, password: 'not the password' };
      for (let attempt = 1; attempt <= 3; attempt += 1)
        expect(await failureOf(fixture.bridge.login(wrong, options))).to.include({ code: 'AUTHENTICATION' });
      using session = await fixture.bridge.login(fixture.alice, options);
      expect(session.user.login).to.equal(fixture.alice.login);
    });

    it('refuses an unknown user with AUTHENTICATION', async () => {
      const { fixture, options } = scene();
      const unknown = { login: 'nobody@example.com', password: 'secret' };
      expect(await failureOf(fixture.bridge.login(unknown, options))).to.include({ code: 'AUTHENTICATION' });
    });

    it('tells who the user is', () => {
      const { session, fixture } = scene();
      expect(session.user.primaryAddress).to.equal(fixture.alice.login);
      expect(session.user.addresses[0]).to.equal(session.user.primaryAddress);
      expect(session.user).to.have.property('contextId').that.is.a('number');
      expect(session.user).to.have.property('userId').that.is.a('number');
    });

    it('gives many handles at once, each of which works on when another is disposed', async () => {
      const { fixture, options } = scene();
      const handles = await Promise.all([1, 2, 3, 4, 5].map(() => fixture.bridge.login(fixture.bob, options)));
      handles.slice(1).forEach((one) => one[Symbol.dispose]());
      expect(await handles[0]?.listFolders(options))
        .to.have.property('length')
        .that.is.greaterThan(0);
      handles[0]?.[Symbol.dispose]();
    });

    it('gives handles that share a login and count their own calls', async function () {
      const { fixture, options } = scene();
      using login = await fixture.bridge.login(fixture.bob, options);
      if (!login.share) return this.skip();
      // What a bridge keeps for all handles is there from then on.
      await login.listFolders(options);
      const before = login.calls?.count;
      using one = login.share();
      const other = login.share();
      await Promise.all([one.listFolders(options), other.listFolders(options), other.listFolders(options)]);
      const [counted = 0, twice, unchanged] = [one, other, login].map(({ calls }) => calls?.count);
      expect(counted).to.be.greaterThan(0);
      expect([twice, unchanged]).to.deep.equal([2 * counted, before]);
      other[Symbol.dispose]();
      expect((await one.listFolders(options)).length).to.be.greaterThan(0);
    });

    it('gives up when its signal has fired', async () => {
      const { fixture } = scene();
      const reason = new Error('the device has gone');
      const failure = await failureOf(fixture.bridge.login(fixture.bob, { signal: AbortSignal.abort(reason) }));
      expect(failure).to.equal(reason);
    });
  });
}
