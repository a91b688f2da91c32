import { rootCertificates } from 'node:tls';
import type { Certificate } from 'pkijs';
import { certificateOf } from './certificate';
import { derBlocks, pemBlocks } from './der-blocks';
import { Revocations, revocationListOf } from './revocations';

/** Files of the operator, PEM or DER; a PEM file may hold many. */
export interface TrustFiles {
  readonly authorities: readonly string[];
  readonly revocationLists: readonly string[];
}

/** Whom this server trusts: the authorities that Node.js brings along, and those of the operator. Read when first asked for. */
export class TrustStore {
  #authorities: Promise<readonly Certificate[]> | undefined;
  #builtIn: readonly Certificate[] | undefined;

  constructor(private readonly files: TrustFiles) {}

  /** @throws Error when a file cannot be read; the next call tries again */
  async authorities(): Promise<readonly Certificate[]> {
    this.#authorities ??= this.#readAuthorities().catch((error: unknown) => {
      this.#authorities = undefined;
      throw error;
    });
    return this.#authorities;
  }

  /** Read anew each time: new lists come every day. @throws Error when a file cannot be read or holds none */
  async revocations(): Promise<Revocations> {
    const blocks = await Promise.all(this.files.revocationLists.map((path) => derBlocks(path)));
    return new Revocations(blocks.flat().map(revocationListOf));
  }

  async #readAuthorities(): Promise<readonly Certificate[]> {
    this.#builtIn ??= rootCertificates.flatMap((pem) => certificatesIn(pemBlocks(pem)));
    const own = await Promise.all(this.files.authorities.map(async (path) => certificatesIn(await derBlocks(path))));
    return [...own.flat(), ...this.#builtIn];
  }
}

function certificatesIn(blocks: readonly Uint8Array[]): Certificate[] {
  return blocks.map(certificateOf).filter((certificate) => certificate !== undefined);
}
