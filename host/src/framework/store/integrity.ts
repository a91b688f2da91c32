import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { BundleError } from '@oxtender/bundle-api';

/** Made when a bundle is packed: SHA-512 of every file, and one over all of them (rule X2). */
export interface BundleLock {
  readonly algorithm: 'sha512';
  /** By path with `/`, sorted. */
  readonly files: Readonly<Record<string, string>>;
  /** Over the lines `<hash>  <path>`. */
  readonly digest: string;
}

/** How signatures are judged. */
export interface SignaturePolicy {
  readonly policy: 'off' | 'warn' | 'require';
  readonly trustedKeys: readonly KeyObject[];
}

const lockName = 'bundle.lock';
const signatureName = 'bundle.lock.sig';

/** The lock of a folder's content as it is now. */
export function computeLock(folder: string): BundleLock {
  const files: Record<string, string> = {};
  for (const path of filesBelow(folder)) files[path] = sha512(readFileSync(join(folder, path)));
  const lines = Object.entries(files).map(([path, hash]) => `${hash}  ${path}\n`);
  return { algorithm: 'sha512', files, digest: sha512(lines.join('')) };
}

/** Writes `bundle.lock`; run when a bundle is packed. */
export function writeLock(folder: string): BundleLock {
  const lock = computeLock(folder);
  writeFileSync(join(folder, lockName), `${JSON.stringify(lock, null, 2)}\n`);
  return lock;
}

/**
 * Compares a folder with its lock, and the lock with its signature.
 *
 * @returns the digest, undefined for a bundle without a lock; and a warning when the policy is content with one
 * @throws BundleError INTEGRITY_ERROR naming the files that differ
 */
export function checkIntegrity(
  folder: string,
  { policy, trustedKeys }: SignaturePolicy,
): { digest?: string; warning?: string } {
  const path = `${folder}${sep}${lockName}`;
  const fault = policy === 'off' ? undefined : signatureFault(folder, trustedKeys);
  if (fault !== undefined && policy === 'require') throw new BundleError('INTEGRITY_ERROR', `${folder}: ${fault}`);
  const warning = fault === undefined ? {} : { warning: fault };
  if (!existsSync(path)) return warning;
  const recorded = readLock(path);
  const actual = computeLock(folder);
  const differing = differences(recorded, actual);
  if (differing.length > 0 || recorded.digest !== actual.digest) {
    throw new BundleError(
      'INTEGRITY_ERROR',
      `${folder} differs from its ${lockName}: ${differing.slice(0, 10).join(', ')}`,
    );
  }
  return { digest: actual.digest, ...warning };
}

/** @param pem - blocks of PEM, one after the other */
export function readPublicKeys(pem: string): KeyObject[] {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g) ?? [];
  return blocks.map((block) => createPublicKey(block));
}

function signatureFault(folder: string, trustedKeys: readonly KeyObject[]): string | undefined {
  const lock = join(folder, lockName);
  const signature = join(folder, signatureName);
  if (!existsSync(lock) || !existsSync(signature)) return 'the bundle is not signed';
  const content = readFileSync(lock);
  const bytes = Buffer.from(readFileSync(signature, 'utf8'), 'base64');
  const trusted = trustedKeys.some((key) => verify(null, content, key, bytes));
  return trusted ? undefined : 'the signature is of no trusted key';
}

function readLock(path: string): BundleLock {
  try {
    const lock = JSON.parse(readFileSync(path, 'utf8')) as BundleLock;
    if (typeof lock.files === 'object' && typeof lock.digest === 'string') return lock;
    throw new TypeError('files or digest missing');
  } catch (cause) {
    throw new BundleError('INTEGRITY_ERROR', `${path} is damaged`, { cause });
  }
}

function differences(recorded: BundleLock, actual: BundleLock): string[] {
  const paths = new Set([...Object.keys(recorded.files), ...Object.keys(actual.files)]);
  return [...paths].filter((path) => recorded.files[path] !== actual.files[path]).sort();
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((path) => path !== lockName && path !== signatureName)
    .sort();
}

const sha512 = (content: Buffer | string): string => createHash('sha512').update(content).digest('hex');
