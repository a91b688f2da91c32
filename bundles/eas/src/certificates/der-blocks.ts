import { readFile } from 'node:fs/promises';

/** What a file holds, PEM or DER, as DER; a PEM file may hold many. @throws Error when it cannot be read */
export async function derBlocks(path: string): Promise<readonly Uint8Array[]> {
  const bytes = await readFile(path);
  return bytes.includes('-----BEGIN ') ? pemBlocks(bytes.toString('latin1')) : [bytes];
}

export function pemBlocks(pem: string): Uint8Array[] {
  return [...pem.matchAll(/-----BEGIN [A-Z0-9 ]+-----([^-]*)-----END/g)].map(([, base64 = '']) =>
    Buffer.from(base64, 'base64'),
  );
}
