export * from './wbxml';
