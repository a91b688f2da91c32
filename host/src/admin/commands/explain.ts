import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { Cause } from '../explain/cause';
import { Explainer } from '../explain/explainer';
import { explanationText } from '../explain/text';
import type { OperatedHost } from '../operated-host';
import { argument } from './command';

/** `explain`: why something does not run. */
export const explainCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'explain',
    description: 'why a bundle, a component or a service is not there: one sentence, then the chain',
    args: [{ name: 'what', description: 'bundle, component or token of a service', required: true }],
    run: ({ args }) => Promise.resolve(new Explainer(host).explain(argument(args, 0, 'what'))),
    text: (cause) => explanationText(cause as Cause),
  },
];
