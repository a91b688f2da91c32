import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface IssuedCertificate {
  /** PEM files: the certificate, and its key. */
  readonly certificate: string;
  readonly key: string;
}

/** An authority of the test's own, by the program openssl. */
export class TestAuthority {
  /** Its certificate: what trusts it is given this file. */
  readonly file: string;
  readonly #key: string;
  #count = 0;

  constructor(private readonly folder: string) {
    this.file = join(folder, 'authority.pem');
    this.#key = join(folder, 'authority.key');
    this.#openssl(['-subj', '/O=Test authority', '-days', '3650', '-out', this.file, '-keyout', this.#key]);
  }

  /** @param names - as in subjectAltName: `DNS:localhost`, `IP:127.0.0.1` */
  issue(names: readonly string[], days = 365): IssuedCertificate {
    const name = `certificate${++this.#count}`;
    const issued = { certificate: join(this.folder, `${name}.pem`), key: join(this.folder, `${name}.key`) };
    this.#openssl([
      ...['-CA', this.file, '-CAkey', this.#key],
      ...['-subj', `/CN=${name}`, '-days', String(days), '-out', issued.certificate, '-keyout', issued.key],
      ...['-addext', `subjectAltName=${names.join(',')}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
    ]);
    return issued;
  }

  #openssl(args: readonly string[]): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
    execFileSync('openssl', ['req', '-x509', ...key, ...args], { stdio: 'ignore' });
  }
}
