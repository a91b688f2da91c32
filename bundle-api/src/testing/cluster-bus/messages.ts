import type { ClusterBus } from '../../services/cluster-bus';
import type { Cancellable } from '../../services/groupware/calls';

/** The next messages of a topic, as many as asked for. */
export function nextMessages(bus: ClusterBus, topic: string, count: number): Promise<unknown[]> {
  return new Promise((resolve) => {
    const messages: unknown[] = [];
    const subscription = bus.subscribe(topic, (message) => {
      messages.push(message);
      if (messages.length < count) return;
      subscription[Symbol.dispose]();
      resolve(messages);
    });
  });
}

/** Resolves when everything that was published before on this bus has been delivered on it. */
export async function delivered(bus: ClusterBus): Promise<void> {
  const last = nextMessages(bus, 'the last one', 1);
  bus.publish('the last one', null);
  await last;
}

/** Options of a call that nothing cancels. */
export const uncancelled: Cancellable = { signal: new AbortController().signal };
