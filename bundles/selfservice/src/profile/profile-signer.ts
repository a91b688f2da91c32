import { readFile } from 'node:fs/promises';
import type { Clock, HealthCheck, HealthResult, Logger } from '@oxtender/bundle-api';
import type { SelfServiceConfig } from '../config';
import { parseSigner, sign, type Signer } from './signature';

const day = 86_400_000;
/** Milliseconds before its end in which a certificate is worth a word. */
const notice = 14 * day;

/** Signs profiles with the operator's certificate, if there is one; its health tells how that stands. */
export class ProfileSigner implements HealthCheck {
  readonly name = 'selfservice.profile';

  constructor(
    private readonly config: SelfServiceConfig,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  get isConfigured(): boolean {
    return this.config['profile.certificate'] !== '';
  }

  /** The profile, signed if that can be: an unsigned one works as well, with a word of warning on the device. */
  async sign(profile: Uint8Array): Promise<Buffer> {
    if (!this.isConfigured) return Buffer.from(profile);
    try {
      return await sign(profile, await this.#signer());
    } catch (error) {
      this.log.error('profile is not signed: see profile.certificate and profile.key', { error });
      return Buffer.from(profile);
    }
  }

  async run(): Promise<HealthResult> {
    if (!this.isConfigured) return { status: 'OK', message: 'profiles are not signed: set profile.certificate' };
    try {
      return this.#judge(await this.#signer());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { status: 'WARN', message: `profiles are not signed: ${reason}` };
    }
  }

  #judge({ certificates }: Signer): HealthResult {
    const ends = Math.min(...certificates.map(({ validTo }) => Date.parse(validTo)));
    const left = ends - this.clock.now();
    const details = { until: new Date(ends).toISOString() };
    if (left <= 0) return { status: 'WARN', message: 'the certificate that signs profiles has expired', details };
    if (left < notice) {
      return {
        status: 'WARN',
        message: `the certificate that signs profiles ends in ${Math.ceil(left / day)} days`,
        details,
      };
    }
    return { status: 'OK', details };
  }

  /** Read each time: certificates are renewed while the host runs. */
  async #signer(): Promise<Signer> {
    const { 'profile.certificate': certificate, 'profile.key': key, 'profile.passphrase': passphrase } = this.config;
    if (key === '') throw new Error('profile.key is not set');
    return parseSigner(await readFile(certificate, 'utf8'), await readFile(key, 'utf8'), passphrase);
  }
}
