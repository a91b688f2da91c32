import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './support/host-process';

interface KeySchema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly 'x-restart'?: string;
  readonly 'x-secret'?: boolean;
}
interface Schema {
  readonly properties: Readonly<Record<string, KeySchema>>;
}

const load = createRequire(join(root, 'test'));
const { propertiesFile } = load('./scripts/lib/package/properties') as {
  propertiesFile: (pid: string, schema: Schema) => string;
};
const { ConfigurationSchema } = load('./host/dist/src/configuration/schema') as {
  ConfigurationSchema: new (source: Schema) => { apply(values: Record<string, unknown>): object[] };
};
const { hostSchema } = load('./host/dist/src/launch/host-settings') as { hostSchema: Schema };

/** Schemas by PID: of the host and of all bundles. */
function schemas(): [pid: string, schema: Schema][] {
  const manifests = readdirSync(join(root, 'bundles'))
    .map((name) => join(root, 'bundles', name, 'package.json'))
    .filter((file) => existsSync(file))
    .map(
      (file) =>
        JSON.parse(readFileSync(file, 'utf8')) as { bundle: { configuration?: Readonly<Record<string, Schema>> } },
    );
  return [['host', hostSchema], ...manifests.flatMap(({ bundle }) => Object.entries(bundle.configuration ?? {}))];
}

/** Comment lines that stand above a key, without their `#`. */
function commentOf(text: string, key: string): string[] {
  const block = text.split('\n\n').find((each) => new RegExp(`^#?${key.replaceAll('.', '\\.')} =`, 'm').test(each));
  return (block ?? '').split('\n').flatMap((line) => /^# (.*)$/.exec(line)?.[1] ?? []);
}

describe('configuration files of the packages', () => {
  for (const [pid, schema] of schemas())
    it(`${pid}.properties says of each key what it means, which values it takes and whether the host must restart`, () => {
      const text = propertiesFile(pid, schema);
      expect(text).to.not.match(/ $/m);
      for (const [key, { title, description, 'x-restart': restart }] of Object.entries(schema.properties)) {
        const comment = commentOf(text, key).join(' ');
        expect(title ?? description ?? '', key).to.match(/\w{3}/);
        expect(comment, key).to.include(title ?? description);
        expect(comment, key).to.match(
          / (?:Text|A list, separated by commas|true or false|One of .+|A (?:whole )?number.*)\.(?: A secret: .+)?$/,
        );
        expect(comment.includes('Counts after a restart of the host.'), key).to.equal(restart === 'host');
      }
    });

  it('may be those of the original, whose keys either have their meaning or are passed over; a slip is refused', () => {
    const [usm, eas] = ['usm', 'eas'].map((pid) => new ConfigurationSchema(new Map(schemas()).get(pid) as Schema));
    // Found in public sources of the original.
    const given = {
      'com.openexchange.usm.ox.url': 'http://localhost:8009/appsuite/api/',
      'com.openexchange.usm.session_cache_check_interval': '60000',
      'com.openexchange.usm.session_cache_check_interval_log_info': '300000',
      'com.openexchange.usm.cache.session.timeout': '43200',
      'com.openexchange.usm.cache.syncstate.timeout': '3600',
      'com.openexchange.usm.force_new_sync_key_on_empty_sync': 'false',
      'com.openexchange.usm.max_objects_per_folder': '65535',
      'com.openexchange.usm.max_attachment_count_per_object': '100',
      'com.openexchange.usm.json.alias': '/usm-json',
    };
    const phones = {
      'com.openexchange.usm.eas.alias': '/Microsoft-Server-ActiveSync',
      'com.openexchange.usm.eas.mail.time_limit': '3',
      'com.openexchange.usm.eas.ping.max_heartbeat': '1800',
      'com.openexchange.usm.eas.login_pattern.domain_user': '$USER@$DOMAIN',
      'com.openexchange.usm.eas.allow_folder_selection': 'true',
    };
    expect([usm!.apply({ ...given }), eas!.apply({ ...phones })]).to.deep.equal([[], []]);
    expect(usm!.apply({ 'com.openexchange.usm.max_object_per_folder': '5' })).to.deep.equal([
      { key: 'com.openexchange.usm.max_object_per_folder', reason: 'is not known' },
    ]);
    const page = readFileSync(join(root, 'docs/operators.md'), 'utf8');
    for (const key of Object.keys({ ...given, ...phones })) expect(page).to.include(key.split('.').at(-1));
  });

  it('know secrets: no command shows values of keys that are called so', () => {
    const named = schemas().flatMap(([, { properties }]) =>
      Object.entries(properties).filter(([key]) => /(?:^|[._])(?:pass\w*|\w*secret|\w*token|credentials?)$/.test(key)),
    );
    expect(named.length).to.be.greaterThan(5);
    expect(named.filter(([, schema]) => schema['x-secret'] !== true).map(([key]) => key)).to.deep.equal([]);
  });

  it('have no key without a meaning', () => {
    expect(() => propertiesFile('test', { properties: { 'test.key': {} } })).to.throw('what test.key means');
  });
});
