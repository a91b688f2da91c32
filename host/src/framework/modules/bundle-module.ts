import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { types } from 'node:util';
import { constants, Script } from 'node:vm';
import { readText } from '../../files/read-text';

/** Members of Node's loader that its types leave out. */
type Loadable = Module & { paths: string[]; load(file: string): void };
const loader = Module as unknown as { _nodeModulePaths(folder: string): string[] };

/** As Node wraps a module; on a line of its own, so that places in stack traces are those in the file. */
const begin = '(function (exports, require, module, __filename, __dirname) {\n';
const end = '\n})';

type Wrapped = (...parameters: [unknown, NodeJS.Require, Module, string, string]) => void;

/**
 * Runs a file as a CommonJS module, as Node's `require` does with a file that it has found, but as a script: V8 remembers
 * those, so that a bundle which is started again is not compiled again. The caller has put the module into Node's cache.
 *
 * @param file - real path
 */
export function runModule(module: Module, file: string): void {
  const script = compile(file);
  if (script) runScript(script, module, file);
  else (module as Loadable).load(file);
  endWarnings(module.exports);
}

function runScript(script: Script, module: Module, file: string): void {
  const folder = dirname(file);
  module.filename = file;
  (module as Loadable).paths = loader._nodeModulePaths(folder);
  const run = script.runInThisContext() as Wrapped;
  run.call(module.exports, module.exports, requireOf(module, file), module, file, folder);
  module.loaded = true;
}

/** Undefined for what is no script: Node knows more languages, and says what is wrong with others. */
function compile(file: string): Script | undefined {
  if (!/\.c?js$/.test(file)) return undefined;
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  try {
    return new Script(begin + readText(file) + end, { filename: file, lineOffset: -1, importModuleDynamically });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Who requires a module that still loads gets its exports with a prototype that warns; as `require` does, it goes again. */
function endWarnings(exports: unknown): void {
  if (typeof exports !== 'object' || exports === null) return;
  if (types.isProxy(Object.getPrototypeOf(exports))) Object.setPrototypeOf(exports, Object.prototype);
}

/** As Node makes one for each module: what it requires is a child of the module. Few ask it to `resolve`. */
function requireOf(module: Module, file: string): NodeJS.Require {
  const own = (): NodeJS.Require => createRequire(file);
  const resolve: NodeJS.RequireResolve = Object.assign(
    (id: string, options?: NodeJS.RequireResolveOptions): string => own().resolve(id, options),
    { paths: (request: string): string[] | null => own().resolve.paths(request) },
  );
  return Object.assign((id: string): unknown => module.require(id), require, { resolve });
}
