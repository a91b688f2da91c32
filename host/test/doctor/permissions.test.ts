import { expect } from 'chai';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationFiles } from '../../src/configuration/configuration-files';
import { ConfigurationSchema } from '../../src/configuration/schema';
import { SchemaRegistry } from '../../src/configuration/schema-registry';
import type { DoctorRow } from '../../src/doctor/doctor';
import { type DoctorParts, hostDoctor } from '../../src/doctor/host-doctor';
import type { HostConfiguration } from '../../src/launch/host-configuration';
import { launchHost } from '../support/host-parts';
import { stopAll, temporaryFolder } from '../support/launch';
import { recordingLogger } from '../support/recording-logger';

const schema = { type: 'object', properties: { 'my.password': { type: 'string', 'x-secret': true } } };

describe('the doctor’s check of permissions', () => {
  afterEach(stopAll);

  it('knows what was written a moment ago, before the host has noticed', async () => {
    const data = temporaryFolder();
    const file = join(data, 'conf', 'my.properties');
    mkdirSync(join(data, 'conf'), { mode: 0o750 });
    writeFileSync(file, '');
    chmodSync(file, 0o644);
    const { admin, clock, context } = await launchHost({ texts: new ConfigurationFiles(join(data, 'conf')) });
    const schemas = new SchemaRegistry(recordingLogger());
    schemas.add('my', new ConfigurationSchema(schema));
    // What other checks need is left out.
    const parts: Partial<DoctorParts> = {
      context,
      clock,
      data,
      configuration: { admin, schemas } as HostConfiguration,
    };
    const doctor = hostDoctor(parts as DoctorParts);
    const examine = (): Promise<DoctorRow[]> =>
      doctor.examine({ only: ['permissions'], progress: () => undefined, signal: new AbortController().signal });
    expect((await examine()).map(({ verdict }) => verdict)).to.deep.equal(['ok']);
    writeFileSync(file, 'my.password = geheim\n');
    const [finding] = await examine();
    expect(finding).to.include({ verdict: 'warn', remedy: `chmod o-rwx ${file}` });
  });
});
