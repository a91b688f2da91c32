export { OxSandbox, type OxSandboxSetup } from './ox-sandbox';
export { type Imitation, type OxSandboxOptions, type WebhookTarget, defaultOptions } from './options';
