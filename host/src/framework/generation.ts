import type { Bundle, BundleManifest, BundlePackage, Wire } from '@oxtender/bundle-api';
import { bundleResource, type Resource } from '../resolver/resource';
import type { LoadedContent } from './content/bundle-content';
import { CommonJsLoader } from './modules/commonjs-loader';
import { EsmLoader } from './modules/esm-loader';
import { InlineLoader, type ModuleLoader } from './modules/module-loader';

/** One loaded content of a bundle (rule M3). */
export class Generation {
  readonly number: number;
  readonly content: LoadedContent;
  readonly resource: Resource;
  readonly loader: ModuleLoader;
  /** Undefined until it is resolved. */
  wires: readonly Wire[] | undefined;
  #headers: Readonly<Record<string, unknown>> | undefined;

  constructor(bundle: Bundle, number: number, content: LoadedContent) {
    this.number = number;
    this.content = content;
    this.resource = bundleResource({ bundle, generation: number, ...content });
    this.loader = loaderOf(content);
  }

  /** Made when somebody asks, and once: everything that looks at a bundle does. */
  get headers(): Readonly<Record<string, unknown>> {
    return (this.#headers ??= headersOf(this.content));
  }

  get package(): BundlePackage {
    return this.content.package;
  }

  get manifest(): BundleManifest {
    return this.content.manifest;
  }

  get version(): string {
    return this.content.package.version;
  }
}

function headersOf({ package: json, symbolicName }: LoadedContent): Readonly<Record<string, unknown>> {
  const { name, version, description, bundle } = json;
  return Object.freeze({ ...bundle, name, version, description, symbolicName });
}

function loaderOf({ inline, folder, package: { type } }: LoadedContent): ModuleLoader {
  if (inline) return new InlineLoader(inline);
  if (folder === undefined) throw new TypeError('a bundle is a folder or inline');
  return type === 'module' ? new EsmLoader(folder) : new CommonJsLoader(folder);
}
