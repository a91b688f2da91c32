import { describeGroupwareBridge } from '@oxtender/bundle-api/testing';
import { SandboxServer, bridgeTo } from './support/sandbox';

/** Intervals that let a test hear of changes soon. */
const eager = { 'ox.watch.interval': 40, 'ox.watch.idle_interval': 40 };

const variants = [
  ['7.10', 'auto'],
  ['6.x', 'auto'],
  ['7.10', 'chronos'],
  ['8.x', 'auto'],
] as const;

for (const [imitate, calendar] of variants)
  describeGroupwareBridge(`OX ${imitate}, calendar ${calendar}`, async () => {
    const server = await SandboxServer.start(imitate);
    const { bridge } = bridgeTo(server.url, { ...eager, 'ox.calendar': calendar });
    return {
      bridge,
      alice: { login: 'alice@example.com', password: 'secret' },
      bob: { login: 'bob@example.com', password: 'secret' },
      // The sandbox keeps the files of an event whatever list of them chronos is told.
      limits: { taskDatesOnly: imitate === '6.x', filesStay: calendar === 'chronos' || imitate === '8.x' },
      [Symbol.asyncDispose]: async () => {
        await bridge[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  });
