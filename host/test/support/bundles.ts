import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BundleManifest } from '@oxtender/bundle-api';
import * as tar from 'tar';
import { temporaryFolder } from './launch';

export interface BundleFiles {
  readonly version?: string;
  readonly manifest?: BundleManifest;
  /** Text of `index.js`, which is the activator unless the manifest says otherwise. */
  readonly code?: string;
  /** More files, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** More keys of package.json. */
  readonly package?: Readonly<Record<string, unknown>>;
}

/** Writes a bundle's folder; into an existing one when `folder` is given. */
export function writeBundle(name: string, bundle: BundleFiles = {}, folder = join(temporaryFolder(), name)): string {
  const { version = '1.0.0', manifest = {}, code = 'exports.start = () => {};', files = {} } = bundle;
  const json = { name, version, ...bundle.package, bundle: { activator: './index.js', ...manifest } };
  for (const [path, text] of Object.entries({ 'package.json': JSON.stringify(json), 'index.js': code, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Packs a bundle as `npm pack` does: everything below `package/`. */
export function packBundle(name: string, bundle: BundleFiles = {}): string {
  const parent = temporaryFolder();
  writeBundle(name, bundle, join(parent, 'package'));
  const archive = join(parent, `${name}.tgz`);
  tar.c({ file: archive, cwd: parent, gzip: true, sync: true }, ['package']);
  return archive;
}
