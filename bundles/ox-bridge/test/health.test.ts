import { expect } from 'chai';
import { bridgeTo } from './support/sandbox';
import { sandboxed, scripted, signal } from './support/session';

describe('the health of OX', () => {
  it('is good when it answers, away when it is down, and good again', async () => {
    await using own = await sandboxed('7.10', { 'ox.breaker.failures': 1, 'ox.breaker.pause': 1 });
    const { health } = own.bridge;
    expect(await health.run({ signal })).to.deep.equal({ status: 'OK' });
    await own.server.turn('down');
    expect(await health.run({ signal })).to.include({ status: 'TEMPORARILY_UNAVAILABLE' });
    await own.server.turn('up');
    let after = await health.run({ signal });
    while (after.status !== 'OK') after = await health.run({ signal });
  });

  it('is no condition for sending devices here: all hosts would be out at once', async () => {
    await using own = await scripted({});
    expect(own.bridge.health.tags).to.deep.equal(['backend']);
  });

  it('is critical where something else answers', async () => {
    await using own = await scripted({ '*': () => ({ status: 404, text: 'Not Found' }) });
    expect(await own.bridge.health.run({ signal })).to.include({ status: 'CRITICAL' });
  });

  it('is away where nobody listens', async () => {
    const { bridge } = bridgeTo('http://127.0.0.1:1/ajax');
    expect(await bridge.health.run({ signal })).to.include({ status: 'TEMPORARILY_UNAVAILABLE' });
    await bridge[Symbol.asyncDispose]();
  });
});
