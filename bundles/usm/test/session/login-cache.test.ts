import type { GroupwareBridge } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { World } from '../support/world';

describe('logins that requests share', () => {
  it('keep one session at the groupware for devices that come at the same time', async () => {
    let opened = 0;
    let closed = 0;
    const counting = (bridge: GroupwareBridge): GroupwareBridge => ({
      name: bridge.name,
      login: async (credentials, options) => {
        const session = await bridge.login(credentials, options);
        opened += 1;
        const dispose = session[Symbol.dispose].bind(session);
        return Object.assign(session, {
          [Symbol.dispose]: () => {
            closed += 1;
            dispose();
          },
        });
      },
    });
    await using world = await World.create({ bridge: counting });
    const sessions = await Promise.all(['phone', 'tablet', 'watch'].map((device) => world.open(device)));
    const [first] = sessions;
    expect(sessions.every(({ groupware }) => groupware === first!.groupware)).to.equal(true);
    expect(opened - closed).to.equal(1);
    for (const session of sessions) session[Symbol.dispose]();
    await world.open('phone').then((session) => session[Symbol.dispose]());
    expect(opened - closed).to.equal(1);
  });
});
