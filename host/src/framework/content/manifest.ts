import { createRequire } from 'node:module';
import type { Bundle, BundleManifest, BundlePackage, Logger } from '@oxtender/bundle-api';
import { BundleError, createFilter } from '@oxtender/bundle-api';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020';
import { valid as validVersion } from 'semver';
import { VersionRange } from '../../resolver/version-range';

/** One fault of a manifest. */
export interface ManifestFault {
  /** JSON pointer into package.json. */
  readonly pointer: string;
  readonly message: string;
}

/** A package.json that is a bundle's: checked, and with its symbolic name. */
export interface CheckedPackage {
  readonly package: BundlePackage;
  readonly manifest: BundleManifest;
  readonly symbolicName: string;
  /** Keys that the schema does not know; worth a warning (15.1). */
  readonly unknownKeys: readonly string[];
}

const schema = createRequire(__filename)('@oxtender/bundle-api/manifest.schema.json') as {
  properties: Record<string, unknown> & { symbolicName: { pattern: string } };
};
const symbolicName = new RegExp(schema.properties.symbolicName.pattern);

let validator: ValidateFunction | undefined;

/** Compiled at the first bundle: a host without bundles does not pay for it. */
function validate(manifest: unknown): ManifestFault[] {
  validator ??= new Ajv2020({
    allErrors: true,
    strict: false,
    formats: { 'ldap-filter': parses(createFilter), 'version-range': parses((text) => new VersionRange(text)) },
  }).compile(schema);
  return validator(manifest) ? [] : (validator.errors ?? []).map(faultOf);
}

/**
 * Reads a package.json as a bundle's.
 *
 * @throws BundleError MANIFEST_ERROR whose `details` are all faults, as {@link ManifestFault}s (rule L3)
 */
export function checkPackage(json: unknown, source: string): CheckedPackage {
  const faults: ManifestFault[] = [];
  if (!isRecord(json)) throw manifestError(source, [{ pointer: '', message: 'must be an object' }]);
  const { name, version, bundle } = json;
  faults.push(...nameFaults(name, bundle));
  if (typeof version !== 'string' || !validVersion(version)) {
    faults.push({ pointer: '/version', message: 'must be a semantic version' });
  }
  if (isRecord(bundle)) faults.push(...validate(bundle));
  else faults.push({ pointer: '/bundle', message: 'the manifest is missing' });
  faults.push(
    ...rangeFaults(json['peerDependencies'], '/peerDependencies'),
    ...rangeFaults(json['engines'], '/engines'),
  );
  if (faults.length > 0) throw manifestError(source, faults);
  const manifest = bundle as BundleManifest;
  return {
    package: json as unknown as BundlePackage,
    manifest,
    symbolicName: manifest.symbolicName ?? (name as string),
    unknownKeys: Object.keys(manifest).filter((key) => !key.startsWith('x-') && !Object.hasOwn(schema.properties, key)),
  };
}

/** Without a symbolic name of its own the package's is it, after which files and folders are named. */
function nameFaults(name: unknown, bundle: unknown): ManifestFault[] {
  if (typeof name !== 'string' || name === '') return [{ pointer: '/name', message: 'must be a string' }];
  if ((isRecord(bundle) && bundle.symbolicName !== undefined) || symbolicName.test(name)) return [];
  return [{ pointer: '/name', message: `must match ${symbolicName.source}, or bundle.symbolicName must be there` }];
}

/** Parses JSON so that no key reaches a prototype (rule X6). @throws BundleError MANIFEST_ERROR */
export function parsePackage(text: string, source: string): unknown {
  try {
    // Hardly any text has the key, and most of the time would go into asking for each; an escape may spell it, too.
    return /__proto__|\\u/.test(text) ? JSON.parse(text, withoutPrototypes) : JSON.parse(text);
  } catch (cause) {
    throw new BundleError('MANIFEST_ERROR', `${source}: package.json is no JSON`, {
      cause,
      details: [{ pointer: '', message: String(cause) }],
    });
  }
}

const withoutPrototypes = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value);

/** Tells of keys that are probably misspelt. */
export function warnOfUnknownKeys(log: Logger, bundle: Bundle, keys: readonly string[]): void {
  for (const key of keys) log.warn('manifest key unknown', { bundle: bundle.symbolicName, key });
}

function manifestError(source: string, faults: readonly ManifestFault[]): BundleError {
  const text = faults.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join('; ');
  return new BundleError('MANIFEST_ERROR', `${source}: ${text}`, { details: faults });
}

function rangeFaults(ranges: unknown, pointer: string): ManifestFault[] {
  if (!isRecord(ranges)) return [];
  const faulty = Object.entries(ranges).filter(([, range]) => typeof range !== 'string' || !isRange(range));
  return faulty.map(([key]) => ({ pointer: `${pointer}/${escapePointer(key)}`, message: 'must be a version range' }));
}

/** Ranges of package.json may also be tags, links and aliases, which say nothing about versions. */
function isRange(text: string): boolean {
  return /^(workspace:|file:|link:|npm:|https?:|git)/.test(text) || parses((range) => new VersionRange(range))(text);
}

/** Keys whose values name files of the bundle. */
const path = /^\/(activator|components)\b/;

const faultOf = ({ instancePath, message, params, keyword }: ErrorObject): ManifestFault => {
  const extra = keyword === 'additionalProperties' ? ` ("${String(params['additionalProperty'])}")` : '';
  if (keyword === 'pattern' && path.test(instancePath))
    return { pointer: `/bundle${instancePath}`, message: 'must be a path inside the bundle' };
  const allowed = keyword === 'enum' ? ` (${(params['allowedValues'] as unknown[]).join(', ')})` : '';
  return { pointer: `/bundle${instancePath}`, message: `${message ?? keyword}${extra}${allowed}` };
};

const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parses(parse: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      parse(text);
      return true;
    } catch {
      return false; // that it does not parse is the answer
    }
  };
}
