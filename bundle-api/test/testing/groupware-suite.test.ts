import { describeGroupwareBridge, MemoryGroupware } from '../../src/testing';

describeGroupwareBridge('in memory', () => {
  const bridge = new MemoryGroupware();
  const users = ['alice@example.com', 'bob@example.com'].map((login) => {
    bridge.addUser({ login });
    return { login, password: 'secret' };
  });
  const [alice, bob] = users as [(typeof users)[0], (typeof users)[0]];
  const limits = { meetingsApart: true };
  return Promise.resolve({ bridge, alice, bob, limits, [Symbol.asyncDispose]: () => Promise.resolve() });
});
