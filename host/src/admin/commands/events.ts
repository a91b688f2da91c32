import type { ConsoleCommand } from '@oxtender/bundle-api';
import { EventHandler } from '@oxtender/bundle-api';
import { topicMatcher } from '../../events/topic';
import type { OperatedHost } from '../operated-host';
import { aborted } from './log';

/** `events tail`. */
export const eventsCommands = ({ context }: OperatedHost): ConsoleCommand[] => [
  {
    name: 'events tail',
    description: 'events as they come, until Ctrl-C',
    args: [{ name: 'topic', description: 'pattern: host/bundle/*; default *' }],
    async run({ args: [topic = '*'], emit, signal }) {
      if (!topicMatcher(topic)) throw new Error(`${topic} is no topic: host/bundle/STARTED, host/bundle/* or *`);
      const handleEvent: EventHandler['handleEvent'] = ({ properties }) => {
        emit(
          Object.fromEntries(
            Object.entries(properties).map(([key, value]) => [key, value instanceof Error ? value.message : value]),
          ),
        );
      };
      const registration = context.registerService(EventHandler, { handleEvent }, { 'event.topics': topic });
      await aborted(signal);
      registration.unregister();
    },
  },
];
