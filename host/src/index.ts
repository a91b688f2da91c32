export { createFramework } from './launch/create-framework';
export type { FrameworkOptions } from './launch/framework-options';
export type { Extender, StartedGeneration, StopPhase } from './framework/extender';
