export { OxBridge } from './bridge';
export { type OxConfig, defaultConfig } from './config';
