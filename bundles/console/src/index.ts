export { WebConsole } from './bundle';
