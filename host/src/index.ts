export { createFramework } from './framework/create-framework';
export type { FrameworkOptions } from './framework/host-framework';
export type { Extender, StartedGeneration, StopPhase } from './framework/extender';
