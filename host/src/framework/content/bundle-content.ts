import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { BundleError } from '@oxtender/bundle-api';
import type { InlineBundle } from '@oxtender/bundle-api';
import { readText } from '../../files/read-text';
import { type CheckedPackage, checkPackage, parsePackage } from './manifest';

/** What one generation of a bundle consists of, before anything of it is loaded. */
export interface LoadedContent extends CheckedPackage {
  /** Real path of the folder; undefined for an inline bundle. */
  readonly folder: string | undefined;
  readonly inline: InlineBundle | undefined;
  /** SHA-512 over the content, when it carries a `bundle.lock` (rule X2). */
  readonly digest?: string | undefined;
}

/** True for content that must be unpacked first. */
export const isArchive = (content: string): boolean => /\.(tgz|tar\.gz)$/.test(content);

/**
 * Reads the manifest of an unpacked bundle.
 *
 * @throws BundleError READ_ERROR, MANIFEST_ERROR
 */
export function readFolder(path: string): LoadedContent {
  let folder: string;
  let text: string;
  try {
    folder = realpathSync.native(path);
    text = readText(`${folder}${sep}package.json`);
  } catch (cause) {
    throw new BundleError('READ_ERROR', `${path} is no readable bundle`, { cause });
  }
  return { ...checkPackage(parsePackage(text, path), path), folder, inline: undefined };
}

/** @throws BundleError MANIFEST_ERROR */
export function readInline(inline: InlineBundle): LoadedContent {
  const checked = checkPackage(inline.package, `inline bundle ${inline.package.name}`);
  return { ...checked, folder: undefined, inline };
}

/** True when the path names a bundle's folder. */
export function isBundleFolder(path: string): boolean {
  return existsSync(join(path, 'package.json')) && statSync(path).isDirectory();
}
