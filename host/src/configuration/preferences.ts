import type { Preferences, PreferenceValue } from '@oxtender/bundle-api';
import { IllegalStateError } from '@oxtender/bundle-api';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../files/atomic-file';

/** As it is in the file. */
interface Node {
  values: Record<string, PreferenceValue>;
  children: Record<string, Node>;
}

interface Trees {
  bundle: Node;
  users: Record<string, Node>;
}

/** The preferences of all bundles: one file each (rule G20). */
export class PreferenceFiles {
  readonly #trees = new Map<string, BundleTrees>();

  constructor(private readonly folder: string) {}

  /** The same for each generation of a bundle. */
  of(symbolicName: string): Preferences {
    const known = this.#trees.get(symbolicName) ?? new BundleTrees(this.#fileOf(symbolicName));
    this.#trees.set(symbolicName, known);
    return known.root;
  }

  /** The bundle is uninstalled for good. */
  delete(symbolicName: string): void {
    this.#trees.delete(symbolicName);
    rmSync(this.#fileOf(symbolicName), { force: true });
  }

  #fileOf(symbolicName: string): string {
    return join(this.folder, `${encodeURIComponent(symbolicName)}.json`);
  }
}

class BundleTrees {
  readonly #trees: Trees;
  #changed = false;
  #writing: Promise<void> = Promise.resolve();
  readonly root: Preferences;

  constructor(private readonly file: string) {
    this.#trees = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8'), withoutPrototype) as Trees)
      : { bundle: emptyNode(), users: record() };
    this.root = new PreferenceNode(this, this.#trees.bundle, { path: '' });
  }

  user(name: string): Preferences {
    return new PreferenceNode(this, (this.#trees.users[name] ??= emptyNode()), { path: '', user: name });
  }

  touch(): void {
    this.#changed = true;
  }

  async flush(): Promise<void> {
    if (this.#changed) {
      this.#changed = false;
      const text = `${JSON.stringify(this.#trees, null, 2)}\n`;
      this.#writing = this.#writing.then(() => this.#write(text));
    }
    await this.#writing;
  }

  async #write(text: string): Promise<void> {
    mkdirSync(join(this.file, '..'), { recursive: true });
    await writeFileAtomically(this.file, text, { mode: 0o600 });
  }
}

interface Place {
  readonly path: string;
  readonly user?: string;
  readonly parent?: Node;
}

class PreferenceNode implements Preferences {
  constructor(
    private readonly trees: BundleTrees,
    private readonly self: Node,
    private readonly place: Place,
  ) {}

  get path(): string {
    return this.place.path;
  }

  get<T extends PreferenceValue>(key: string, fallback?: T): T {
    return (this.self.values[key] ?? fallback) as T;
  }

  put(key: string, value: PreferenceValue): void {
    this.self.values[key] = value;
    this.trees.touch();
  }

  remove(key: string): void {
    delete this.self.values[key];
    this.trees.touch();
  }

  keys(): string[] {
    return Object.keys(this.self.values);
  }

  node(path: string): Preferences {
    const names = path.split('/');
    if (names.includes('')) throw new TypeError(`no path of preferences: ${JSON.stringify(path)}`);
    return names.reduce<PreferenceNode>((node, name) => node.#child(name), this);
  }

  childrenNames(): string[] {
    return Object.keys(this.self.children);
  }

  removeNode(): void {
    const { parent } = this.place;
    this.self.values = record();
    this.self.children = record();
    if (parent) delete parent.children[this.path.split('/').at(-1) ?? ''];
    this.trees.touch();
  }

  forUser(user: string): Preferences {
    if (this.path !== '' || this.place.user !== undefined)
      throw new IllegalStateError("only the bundle's root knows users");
    return this.trees.user(user);
  }

  flush(): Promise<void> {
    return this.trees.flush();
  }

  #child(name: string): PreferenceNode {
    const child = (this.self.children[name] ??= emptyNode());
    const path = this.path === '' ? name : `${this.path}/${name}`;
    return new PreferenceNode(this.trees, child, { ...this.place, path, parent: this.self });
  }
}

const emptyNode = (): Node => ({ values: record(), children: record() });

/** Without a prototype: `__proto__` is a key as any other (rule X6). */
function record<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

function withoutPrototype(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.assign(record(), value) : value;
}
