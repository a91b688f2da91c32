import { expect } from 'chai';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationFiles } from '../../src/configuration/configuration-files';
import { ConfigurationSchema } from '../../src/configuration/schema';
import { SchemaRegistry } from '../../src/configuration/schema-registry';
import { secretSources } from '../../src/doctor/host-doctor';
import { knownSecrets } from '../../src/support/known-secrets';
import { launchHost } from '../support/host-parts';
import { stopAll, temporaryFolder } from '../support/launch';
import { recordingLogger } from '../support/recording-logger';

const schema = { type: 'object', properties: { 'my.password': { type: 'string', 'x-secret': true } } };

describe('where the doctor and the support dump look for secrets', () => {
  afterEach(stopAll);

  it('in files as they are now, also before the host has noticed an edit', async () => {
    const folder = join(temporaryFolder(), 'conf');
    mkdirSync(folder);
    const file = join(folder, 'my.properties');
    writeFileSync(file, '');
    const { admin } = await launchHost({ texts: new ConfigurationFiles(folder) });
    const schemas = new SchemaRegistry(recordingLogger());
    schemas.add('my', new ConfigurationSchema(schema));
    const found = (): boolean[] => secretSources({ admin, schemas }).map(({ hasSecret }) => hasSecret);
    expect(found()).to.deep.equal([false]);
    writeFileSync(file, 'my.password = geheim\n');
    expect(found()).to.deep.equal([true]);
    writeFileSync(file, 'my.password = neues\n');
    expect(knownSecrets({ admin, schemas })).to.include('neues');
  });
});
