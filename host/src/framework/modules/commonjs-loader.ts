import { realpathSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { extname, sep } from 'node:path';
import { runModule } from './bundle-module';
import type { ModuleLoader } from './module-loader';
import { shareHostPackages } from './shared-packages';

type Cache = NodeJS.Require['cache'];
type CachedModule = NonNullable<Cache[string]>;

/** `parent` is deprecated for programs; a loader that wants memory back must know of it. */
type Adopted = Omit<CachedModule, 'parent'> & { parent: CachedModule | undefined };

/** Which loader's modules a folder's files stand for now. */
const current = new Map<string, CommonJsLoader>();
/**
 * Folders of which more may have been loaded than their own modules tell of: by a package from outside that was given a
 * path, or on the way to a failure. Node's whole cache is looked through for them when they are loaded again.
 */
const littered = new Set<string>();

/**
 * Loads CommonJS below a parent of its own, the only way whose code is freed again (rule N1; the figures are in
 * docs/architecture.md). Two generations of one folder may be loaded at once: each keeps its own modules, and
 * `activate` says whose stand in Node's cache.
 */
export class CommonJsLoader implements ModuleLoader {
  readonly #root: string;
  readonly #prefix: string;
  /** Stands for the manifest, which asks for the entries. */
  #parent: Module | undefined;
  /** Taken out of Node's cache while another generation of the folder is current. */
  #parked: Map<string, CachedModule> | undefined;
  /** Those that the manifest names; they hold the others. */
  readonly #entries = new Map<string, CachedModule>();

  /** @param root - real path of the bundle's folder */
  constructor(root: string) {
    this.#root = root;
    this.#prefix = root.endsWith(sep) ? root : root + sep;
  }

  load(path: string): unknown {
    const before = current.get(this.#root);
    if (before !== this) this.activate();
    shareHostPackages(this.#root);
    try {
      const module = this.#entry(path);
      this.#entries.set(path, module);
      return module.exports;
    } catch (error) {
      littered.add(this.#root);
      throw located(error);
    } finally {
      if (before && before !== this) before.activate();
    }
  }

  activate(): void {
    const before = current.get(this.#root);
    if (before === this) return;
    if (before) before.#park();
    else if (littered.delete(this.#root)) sweep(this.#prefix);
    for (const [file, module] of this.#parked ?? []) require.cache[file] = module;
    this.#parked = undefined;
    current.set(this.#root, this);
  }

  unload(): void {
    if (current.get(this.#root) === this) current.delete(this.#root);
    const seen = new Set<CachedModule>();
    for (const module of this.#entries.values()) purge(module, this.#prefix, seen);
    if ([...seen].some(({ children }) => children.some((child) => !seen.has(child)))) littered.add(this.#root);
    this.#parked = undefined;
    this.#parent = undefined;
    this.#entries.clear();
  }

  get modules(): ReadonlyMap<string, object> {
    return this.#entries;
  }

  /** Past Node's search: the manifest says where the file is. */
  #entry(path: string): CachedModule {
    const manifest = `${this.#prefix}package.json`;
    const file = fileAt(this.#prefix + path) ?? createRequire(manifest).resolve(`./${path}`);
    const known = require.cache[file];
    if (known) return known;
    const module = new Module(file, (this.#parent ??= new Module(manifest)));
    require.cache[file] = module;
    try {
      runModule(module, file);
    } catch (error) {
      forget(file);
      throw error;
    }
    return module;
  }

  #park(): void {
    this.#parked = new Map();
    for (const [file, module] of cached(this.#prefix)) {
      this.#parked.set(file, module);
      forget(file);
    }
  }
}

/** Real path of a module's file; undefined where Node has to look for it: an extension or `index.js` is left out. */
function fileAt(path: string): string | undefined {
  if (!modules.has(extname(path))) return undefined;
  try {
    return realpathSync.native(path);
  } catch {
    return undefined; // what is wrong with it is told by Node's own search
  }
}

const modules: ReadonlySet<string> = new Set(['.js', '.cjs', '.mjs']);

/** A fault of syntax says where it is in its stack alone. */
function located(error: unknown): unknown {
  const [, place] = /^(\S.*:\d+)\n/.exec(error instanceof SyntaxError ? (error.stack ?? '') : '') ?? [];
  if (place === undefined) return error;
  return new SyntaxError(`${place}: ${(error as SyntaxError).message}`, { cause: error });
}

function cached(prefix: string): [string, CachedModule][] {
  const found: [string, CachedModule][] = [];
  for (const file in require.cache) {
    const module = require.cache[file];
    if (module && file.startsWith(prefix)) found.push([file, module]);
  }
  return found;
}

function forget(file: string): void {
  Reflect.deleteProperty(require.cache, file);
}

/** Modules of the folder that an earlier generation left behind. */
function sweep(prefix: string): void {
  for (const [file] of cached(prefix)) forget(file);
}

/**
 * Takes a module and those that it brought along out of the cache. A module from outside the bundle, as a hoisted
 * package is, stays; but it must not remember who asked for it first, or it would hold the whole generation.
 */
function purge(module: CachedModule, prefix: string, seen: Set<CachedModule>): void {
  if (seen.has(module)) return;
  seen.add(module);
  if (require.cache[module.filename] === module) forget(module.filename);
  for (const child of module.children) {
    if (child.filename.startsWith(prefix)) purge(child, prefix, seen);
    else if ((child as Adopted).parent?.filename.startsWith(prefix)) (child as Adopted).parent = undefined;
  }
}
