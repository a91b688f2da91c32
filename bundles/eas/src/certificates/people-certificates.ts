import { join } from 'node:path';
import { certificateOf, validityOf } from './certificate';
import { derBlocks } from './der-blocks';

const endings = ['.pem', '.cer', '.crt', '.der'];

/**
 * Certificates of people: files in a folder of the operator, each named by the mail address in lower case. Read each time:
 * certificates are renewed.
 */
export class PeopleCertificates {
  /** @param folder - empty: there is none */
  constructor(private readonly folder: string) {}

  /** Those that hold now, DER; first the one that holds longest. @throws Error when a file cannot be read */
  async of(address: string, now: number): Promise<readonly Uint8Array[]> {
    const name = address.toLowerCase();
    // The name of a file in the folder, and of none elsewhere.
    if (this.folder === '' || !/^[^/\\\0]+@[^/\\\0]+$/.test(name)) return [];
    const files = await Promise.all(endings.map((ending) => blocksIfThere(join(this.folder, name + ending))));
    return files
      .flat()
      .flatMap((der) => {
        const certificate = certificateOf(der);
        return certificate ? [{ der, ...validityOf(certificate) }] : [];
      })
      .filter(({ from, until }) => from <= now && now <= until)
      .sort((one, other) => other.until - one.until)
      .map(({ der }) => der);
  }
}

async function blocksIfThere(path: string): Promise<readonly Uint8Array[]> {
  try {
    return await derBlocks(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
