import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { OperatedHost } from '../operated-host';

/** `http`. */
export const httpCommands = ({ whiteboard }: OperatedHost): ConsoleCommand[] => [
  {
    name: 'http',
    description: 'routes with their states: served, shadowed, failed and why',
    run: () => Promise.resolve(whiteboard.report()),
  },
];
