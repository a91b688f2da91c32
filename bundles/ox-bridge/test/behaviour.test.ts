import { describeGroupwareBridge } from '@oxtender/bundle-api/testing';
import { SandboxServer, bridgeTo } from './support/sandbox';

/** Intervals that let a test hear of changes soon. */
const eager = { 'ox.watch.interval': 40, 'ox.watch.idle_interval': 40 };

for (const imitate of ['7.10', '6.x'] as const)
  describeGroupwareBridge(`OX ${imitate}`, async () => {
    const server = await SandboxServer.start(imitate);
    const { bridge } = bridgeTo(server.url, eager);
    return {
      bridge,
      alice: { login: 'alice@example.com', password: 'secret' },
      bob: { login: 'bob@example.com', password: 'secret' },
      limits: { taskDatesOnly: imitate === '6.x' },
      [Symbol.asyncDispose]: async () => {
        await bridge[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  });
