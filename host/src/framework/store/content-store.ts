import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BundleContent } from '@oxtender/bundle-api';
import { isArchive, type LoadedContent, readFolder, readInline } from '../content/bundle-content';
import type { FrameworkProperties } from '../framework-properties';
import type { Generation } from '../generation';
import type { Installation } from '../installation';
import { checkIntegrity, readPublicKeys, type SignaturePolicy } from './integrity';
import type { ContentRecord } from './state-file';
import { unpack } from './unpack';

/** Content that was read and checked, and is not yet anybody's. */
export interface StagedContent {
  readonly content: LoadedContent;
  /** Gives the content to a generation; without an `await`, so that no other installation can come between. */
  moveTo(id: number, generation: number): LoadedContent;
  /** Removes what was unpacked. */
  discard(): void;
}

/** Brings content in: folders are used in place, archives are unpacked below the store (rules U2, X2, X3). */
export class ContentStore {
  readonly #store: string | undefined;
  readonly #signatures: SignaturePolicy;
  readonly #warn: (text: string) => void;
  #temporary: string | undefined;
  #staged = 0;
  /** Bundles that have content below the store. */
  readonly #stored = new Set<number>();

  constructor(store: string | undefined, properties: FrameworkProperties, warn: (text: string) => void) {
    this.#store = store === undefined ? undefined : resolve(store);
    this.#signatures = signaturePolicy(properties);
    this.#warn = warn;
  }

  /** @throws BundleError READ_ERROR, MANIFEST_ERROR, INTEGRITY_ERROR; nothing is left behind */
  async stage(content: BundleContent): Promise<StagedContent> {
    if (typeof content !== 'string') return inPlace(readInline(content));
    const path = pathOf(content);
    return isArchive(path) ? this.#stageArchive(path) : inPlace(this.#checked(readFolder(path)));
  }

  /**
   * At boot: a generation's content as the store remembers it, also when it is not what was packed.
   *
   * @throws BundleError READ_ERROR, MANIFEST_ERROR
   */
  open(id: number, { path, stored }: ContentRecord): LoadedContent {
    if (stored) this.#stored.add(id);
    return readFolder(stored ? join(this.#root, path) : path);
  }

  /** @throws BundleError INTEGRITY_ERROR */
  check(content: LoadedContent): void {
    this.#checked(content);
  }

  /** Undefined for an inline bundle, which no store can remember. */
  record({ number, content }: Generation): ContentRecord | undefined {
    if (content.folder === undefined) return undefined;
    const inside = relative(this.#root, content.folder);
    const stored = !inside.startsWith('..') && !isAbsolute(inside);
    const { digest } = content;
    return {
      generation: number,
      path: stored ? inside : content.folder,
      stored,
      ...(digest !== undefined && { digest }),
    };
  }

  /** Deletes an uninstalled bundle's unpacked content. */
  remove({ id }: Installation): void {
    if (this.#stored.delete(id)) rmSync(join(this.#root, 'bundles', String(id)), { recursive: true, force: true });
  }

  /** Deletes one generation's unpacked content; a folder used in place is nobody's to delete. */
  removeGeneration({ id }: Installation, { number }: Generation): void {
    if (this.#stored.has(id)) rmSync(this.#folder(id, number), { recursive: true, force: true });
  }

  /** Deletes what a crash left: staged content, and generations that no bundle has. */
  sweep(known: ReadonlySet<string>): void {
    if (this.#store === undefined) return;
    rmSync(join(this.#store, 'staging'), { recursive: true, force: true });
    const bundles = join(this.#store, 'bundles');
    for (const id of existsSync(bundles) ? readdirSync(bundles) : []) {
      for (const generation of readdirSync(join(bundles, id))) {
        if (!known.has(join('bundles', id, generation))) rmSync(join(bundles, id, generation), { recursive: true });
      }
    }
  }

  /** A framework without a store leaves nothing on the disk. */
  close(): void {
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
    this.#temporary = undefined;
  }

  async #stageArchive(archive: string): Promise<StagedContent> {
    const folder = join(this.#root, 'staging', `${process.pid}-${this.#staged++}`);
    mkdirSync(folder, { recursive: true });
    const discard = (): void => rmSync(folder, { recursive: true, force: true });
    try {
      await unpack(archive, folder);
      const content = this.#checked(readFolder(folder));
      const moveTo = (id: number, generation: number): LoadedContent => {
        const home = this.#folder(id, generation);
        mkdirSync(join(home, '..'), { recursive: true });
        rmSync(home, { recursive: true, force: true });
        renameSync(folder, home);
        this.#stored.add(id);
        return { ...content, folder: home };
      };
      return { content, moveTo, discard };
    } catch (error) {
      discard();
      throw error;
    }
  }

  #checked(content: LoadedContent): LoadedContent {
    if (content.folder === undefined) return content;
    const { digest, warning } = checkIntegrity(content.folder, this.#signatures);
    if (warning !== undefined) this.#warn(`${content.symbolicName}: ${warning}`);
    return { ...content, digest };
  }

  #folder(id: number, generation: number): string {
    return join(this.#root, 'bundles', String(id), String(generation));
  }

  get #root(): string {
    return this.#store ?? (this.#temporary ??= mkdtempSync(join(tmpdir(), 'oxtender-')));
  }
}

const inPlace = (content: LoadedContent): StagedContent => ({
  content,
  moveTo: () => content,
  discard: () => undefined,
});

const pathOf = (content: string): string => (content.startsWith('file:') ? fileURLToPath(content) : resolve(content));

function signaturePolicy(properties: FrameworkProperties): SignaturePolicy {
  const policy = properties.text('host.integrity.policy');
  if (policy !== 'off' && policy !== 'warn' && policy !== 'require') {
    throw new RangeError('host.integrity.policy must be off, warn or require');
  }
  const keys = properties.text('host.integrity.trustedKeys');
  const pem = keys.includes('-----BEGIN')
    ? keys
    : properties.list('host.integrity.trustedKeys').map(readText).join('\n');
  return { policy, trustedKeys: readPublicKeys(pem) };
}

const readText = (path: string): string => readFileSync(path, 'utf8');
