import type { Clock, HealthCheck, HealthResult, Logger } from '@oxtender/bundle-api';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { errorText } from '../log/error-fields';
import { FolderWatcher } from '../files/folder-watcher';

/** Where the host's own certificate is: PEM files. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  readonly passphrase: string;
}

const day = 86_400_000;
/** Days before the end in which a renewal is overdue. */
const overdue = 14;

/** The certificate that the host itself shows: read again when its files change; files that are no good leave the one before. */
export class TlsCertificate implements AsyncDisposable {
  readonly health: HealthCheck = { name: 'tls certificate', run: () => this.#find() };
  readonly #watchers: FolderWatcher[] = [];
  #current: { readonly text: string; readonly options: SecureContextOptions; readonly end: number } | undefined;
  #fault: string | undefined;
  #rejected = '';

  constructor(
    private readonly files: TlsFiles,
    private readonly tools: { readonly clock: Clock; readonly log: Logger },
  ) {}

  /** Undefined until the files were good for the first time. */
  get options(): SecureContextOptions | undefined {
    return this.#current?.options;
  }

  /** Reads the files, and calls back with each certificate that is good. */
  async watch(renewed: (options: SecureContextOptions) => void | Promise<void>): Promise<void> {
    const { clock, log } = this.tools;
    const scan = (): void | Promise<void> =>
      this.#read() && this.#current ? renewed(this.#current.options) : undefined;
    await scan();
    const { certificate, key } = this.files;
    for (const folder of new Set([dirname(certificate), dirname(key)])) {
      const failed = (error: unknown): void =>
        log.warn('certificates are looked at now and then only', { folder, error });
      this.#watchers.push(new FolderWatcher({ folder, clock, scan, failed }));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#watchers.splice(0).map((watcher) => watcher[Symbol.asyncDispose]()));
    this.#current = undefined;
  }

  /** True when there is a new one. */
  #read(): boolean {
    const { certificate, key } = this.files;
    let text = '';
    try {
      const [cert, secret] = [readFileSync(certificate, 'utf8'), readFileSync(key, 'utf8')];
      text = `${cert}\0${secret}`;
      if (text === this.#current?.text) return this.#nothingNew();
      this.#current = { text, ...this.#checked(cert, secret) };
    } catch (error) {
      this.#refuse(text, error);
      return false;
    }
    this.#nothingNew();
    this.tools.log.info('certificate read', { file: certificate, end: new Date(this.#current.end).toISOString() });
    return true;
  }

  /** @throws Error when they do not belong together, or are none */
  #checked(cert: string, key: string): { options: SecureContextOptions; end: number } {
    const passphrase = this.files.passphrase === '' ? {} : { passphrase: this.files.passphrase };
    const first = new X509Certificate(cert);
    if (!first.checkPrivateKey(createPrivateKey({ key, ...passphrase })))
      throw new Error(`${this.files.key} is not the key of ${this.files.certificate}`);
    const options = { cert, key, ...passphrase };
    createSecureContext(options);
    return { options, end: Date.parse(first.validTo) };
  }

  #nothingNew(): false {
    this.#fault = undefined;
    this.#rejected = '';
    return false;
  }

  #refuse(text: string, error: unknown): void {
    this.#fault = errorText(error);
    if (text === this.#rejected && text !== '') return;
    if (text !== '' || this.#rejected !== this.#fault) {
      const outcome = this.#current ? 'the one before stays' : 'there is none to go on with';
      this.tools.log.error(`certificate refused, ${outcome}`, { file: this.files.certificate, error });
    }
    this.#rejected = text === '' ? this.#fault : text;
  }

  #find(): HealthResult {
    const { certificate } = this.files;
    if (!this.#current) return { status: 'CRITICAL', message: `no TLS: ${this.#fault ?? 'not read yet'}` };
    if (this.#fault !== undefined)
      return { status: 'WARN', message: `${certificate} cannot be used, the one before stays: ${this.#fault}` };
    const days = Math.floor((this.#current.end - this.tools.clock.now()) / day);
    if (days < 0) return { status: 'CRITICAL', message: `${certificate} ended ${-days} days ago: renew it` };
    if (days < overdue) return { status: 'WARN', message: `${certificate} ends in ${days} days: renew it` };
    return { status: 'OK', message: `good for ${days} days` };
  }
}
