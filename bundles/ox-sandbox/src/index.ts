export { OxSandbox, type OxSandboxSetup } from './ox-sandbox';
export { type Imitation, type OxSandboxOptions, type WebhookTarget, defaultOptions } from './options';
export { demoUsers, seedDemo } from './seed/demo';
export { type BulkCounts, seedBulk } from './seed/bulk';
export { Importer } from './import/importer';
export type { ImportReport, Loss } from './import/report';
