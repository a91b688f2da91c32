import type { Module } from '../module';
import { changingFolders } from './changing';
import { readingFolders } from './reading';

/** OX HTTP API, "Module folders". */
export const folders: Module = { ...readingFolders, ...changingFolders };
