import type { Preferences, PreferenceValue } from '@oxtender/bundle-api';
import { IllegalStateError } from '@oxtender/bundle-api';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sweepTemporaryFiles, writeFileAtomically } from '../files/atomic-file';

/** As it is in the file. */
interface StoredNode {
  readonly values: Readonly<Record<string, PreferenceValue>>;
  readonly children: Readonly<Record<string, StoredNode>>;
}

interface StoredTrees {
  readonly bundle: StoredNode;
  readonly users: Readonly<Record<string, StoredNode>>;
}

/** In maps: `__proto__` is a key as any other (rule X6). */
class Node {
  readonly values: Map<string, PreferenceValue>;
  readonly children: Map<string, Node>;

  constructor({ values, children }: StoredNode = { values: {}, children: {} }) {
    this.values = new Map(Object.entries(values));
    this.children = new Map(Object.entries(children).map(([name, child]) => [name, new Node(child)]));
  }

  child(name: string): Node {
    const child = this.children.get(name) ?? new Node();
    this.children.set(name, child);
    return child;
  }

  toJSON(): StoredNode {
    const children = Array.from(this.children, ([name, child]) => [name, child.toJSON()] as const);
    return { values: Object.fromEntries(this.values), children: Object.fromEntries(children) };
  }
}

/** The preferences of all bundles: one file each (rule G20). */
export class PreferenceFiles {
  readonly #trees = new Map<string, BundleTrees>();

  /** @param folder - none: in memory */
  constructor(private readonly folder: string | undefined) {}

  /** The same for each generation of a bundle. */
  of(symbolicName: string): Preferences {
    const known = this.#trees.get(symbolicName) ?? new BundleTrees(this.#fileOf(symbolicName));
    this.#trees.set(symbolicName, known);
    return known.root;
  }

  /** The bundle is uninstalled for good. */
  delete(symbolicName: string): void {
    this.#trees.delete(symbolicName);
    const file = this.#fileOf(symbolicName);
    if (file !== undefined) rmSync(file, { force: true });
  }

  /** What a crash left behind goes. */
  sweep(): void {
    if (this.folder !== undefined) sweepTemporaryFiles(this.folder);
  }

  #fileOf(symbolicName: string): string | undefined {
    return this.folder && join(this.folder, `${encodeURIComponent(symbolicName)}.json`);
  }
}

class BundleTrees {
  readonly #bundle: Node;
  /** The users' trees are its children. */
  readonly #users: Node;
  #changed = false;
  #writing: Promise<void> = Promise.resolve();
  readonly root: Preferences;

  constructor(private readonly file: string | undefined) {
    const stored =
      file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StoredTrees) : undefined;
    this.#bundle = new Node(stored?.bundle);
    this.#users = new Node({ values: {}, children: stored?.users ?? {} });
    this.root = new PreferenceNode(this, this.#bundle, { path: '' });
  }

  user(name: string): Preferences {
    return new PreferenceNode(this, this.#users.child(name), { path: '', user: name });
  }

  touch(): void {
    this.#changed = true;
  }

  async flush(): Promise<void> {
    const { file } = this;
    if (this.#changed && file !== undefined) {
      this.#changed = false;
      const trees: StoredTrees = { bundle: this.#bundle.toJSON(), users: this.#users.toJSON().children };
      const text = `${JSON.stringify(trees, null, 2)}\n`;
      this.#writing = this.#writing.then(() => writeTrees(file, text));
    }
    await this.#writing;
  }
}

async function writeTrees(file: string, text: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await writeFileAtomically(file, text, { mode: 0o600 });
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
    return (this.self.values.get(key) ?? fallback) as T;
  }

  put(key: string, value: PreferenceValue): void {
    this.self.values.set(key, value);
    this.trees.touch();
  }

  remove(key: string): void {
    this.self.values.delete(key);
    this.trees.touch();
  }

  keys(): string[] {
    return [...this.self.values.keys()];
  }

  node(path: string): Preferences {
    const names = path.split('/');
    if (names.includes('')) throw new TypeError(`no path of preferences: ${JSON.stringify(path)}`);
    return names.reduce<PreferenceNode>((node, name) => node.#child(name), this);
  }

  childrenNames(): string[] {
    return [...this.self.children.keys()];
  }

  removeNode(): void {
    this.self.values.clear();
    this.self.children.clear();
    this.place.parent?.children.delete(this.path.split('/').at(-1) ?? '');
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
    const path = this.path === '' ? name : `${this.path}/${name}`;
    return new PreferenceNode(this.trees, this.self.child(name), { ...this.place, path, parent: this.self });
  }
}
