export * from './code-pages';
export { codePages, tagNamed, tagOf } from './code-page-table';
export { WbxmlEvent, WbxmlReader } from './decoder';
export { type Child, type Content, Element, element } from './element';
export { encode, WbxmlWriter } from './encoder';
export { type DecodeLimits, defaultLimits } from './limits';
export { type CodePage, type Tag, literalToken, qualifiedName } from './tag';
export { decode, readElement } from './tree';
export { WbxmlError, type WbxmlErrorCode } from './wbxml-error';
