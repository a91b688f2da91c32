import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModuleLoader } from './module-loader';
import { sharedPackages } from './shared-packages';

/** What the resolve hook must know; it runs in a thread of its own. */
export interface EsmHookData {
  readonly sharedPackages: readonly string[];
  /** Where the host's copies of the shared packages are found from. */
  readonly host: string;
}

let registered = false;
let generations = 0;

/**
 * Loads ES modules. Node keeps them for ever (rule N1): every generation stays in memory, and the leak report says so.
 * New code is seen in all files, as the resolve hook hands the generation's number from module to module.
 */
export class EsmLoader implements ModuleLoader {
  readonly modules = new Map<string, object>();
  readonly #root: string;
  #query = '';

  /** @param root - real path of the bundle's folder */
  constructor(root: string) {
    this.#root = root;
  }

  async load(path: string): Promise<unknown> {
    if (!registered) registerHook();
    this.#query ||= `?generation=${++generations}&root=${encodeURIComponent(pathToFileURL(this.#root).href)}`;
    const namespace = (await import(pathToFileURL(join(this.#root, path)).href + this.#query)) as object;
    this.modules.set(path, namespace);
    return namespace;
  }

  activate(): void {
    // each generation has addresses of its own
  }

  unload(): void {
    this.#query = '';
    this.modules.clear();
  }
}

function registerHook(): void {
  registered = true;
  const data: EsmHookData = { sharedPackages, host: pathToFileURL(__filename).href };
  register(pathToFileURL(join(__dirname, 'esm-hook.js')).href, { data });
}
