import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

type Schema = Record<string, unknown>;

interface Operation {
  readonly responses: Readonly<Record<string, { readonly schema?: Schema }>>;
  readonly produces?: readonly string[];
}

interface Swagger {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly definitions: Record<string, Schema>;
}

/** Where an answer may differ from the description, and why. */
interface Relaxation {
  /** Definition and properties, `ContactsResponse.data`; or an operation, `GET /chronos?action=all`. */
  readonly at: string;
  /** Schema that takes its place. */
  readonly as: Schema;
  readonly reason: string;
}

interface Relaxations {
  /** Fields that the description does not have. */
  readonly fields: readonly { readonly at: string; readonly names: readonly string[]; readonly reason: string }[];
  readonly schemas: readonly Relaxation[];
  /** Operations that the description does not have. */
  readonly undescribed: readonly { readonly call: string; readonly reason: string }[];
}

/** The vendor's description lies beside the project, not in it. */
const file = join(__dirname, '../../../../../../shared/reference/ox-openapi-7.10.2.json');

/** Descriptive texts instead of values: `1 (low)`, `bit 0 (...)`. */
const descriptive = /^(?:bit )?\d+ \(/;

/** The vendor's API description of 7.10.2 (Swagger 2.0), as validators of answers. */
export class VendorDescription {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  readonly #swagger: Swagger;
  readonly #validators = new Map<string, ValidateFunction | undefined>();
  readonly #relaxations: Relaxations;

  private constructor(swagger: Swagger, relaxations: Relaxations) {
    this.#relaxations = relaxations;
    for (const { at, as } of relaxations.schemas) if (!at.includes(' ')) replace(swagger.definitions, at, as);
    for (const { at, names } of relaxations.fields)
      Object.assign(
        find(swagger.definitions, at)['properties'] as Schema,
        Object.fromEntries(names.map((name) => [name, {}])),
      );
    this.#swagger = swagger;
    this.#ajv.addSchema({ $id: 'ox', definitions: clean(swagger.definitions) as Schema });
  }

  /** Undefined when the file is not there. */
  static load(): VendorDescription | undefined {
    if (!existsSync(file)) return undefined;
    const relaxations = JSON.parse(
      readFileSync(join(__dirname, '../../../test/vendor/relaxations.json'), 'utf8'),
    ) as Relaxations;
    return new VendorDescription(JSON.parse(readFileSync(file, 'utf8')) as Swagger, relaxations);
  }

  /** Why the description does not know the call; undefined when it does. */
  undescribed(method: string, module: string, action: string): string | undefined {
    const call = `${method} /${module}?action=${action}`;
    return this.#relaxations.undescribed.find((entry) => call.startsWith(entry.call))?.reason;
  }

  /** What is wrong with a JSON answer; undefined when the description does not know the call. */
  errors(method: string, module: string, action: string, answer: unknown): readonly ErrorObject[] | undefined {
    const key = `${method} /${module}${action === '' ? '' : `?action=${action}`}`;
    if (!this.#validators.has(key)) this.#validators.set(key, this.#compile(key));
    const validate = this.#validators.get(key);
    if (!validate) return undefined;
    return validate(answer) ? [] : (validate.errors ?? []);
  }

  #compile(key: string): ValidateFunction | undefined {
    const [method = '', path = ''] = key.split(' ');
    const configured = path.startsWith('/config/') ? '/config/{path}' : path;
    const operation = this.#swagger.paths[configured]?.[method.toLowerCase()];
    if (!operation) return undefined;
    const relaxed = this.#relaxations.schemas.find(({ at }) => at === key);
    const schema = relaxed?.as ?? operation.responses['200']?.schema ?? {};
    return this.#ajv.compile(clean(schema) as Schema);
  }
}

/**
 * Makes JSON Schema of Swagger's dialect: references into one document, no descriptive enumerations. Fields that are not
 * described are refused.
 */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  const result: Schema = 'properties' in value && !('allOf' in value) ? { additionalProperties: false } : {};
  for (const [name, child] of Object.entries(value)) {
    if (name === 'enum' && Array.isArray(child) && child.some((text) => descriptive.test(String(text)))) continue;
    if (name === 'example' || name === 'readOnly') continue;
    result[name] = name === '$ref' ? String(child).replace('#/', 'ox#/') : clean(child);
  }
  return result;
}

function find(definitions: Record<string, Schema>, at: string): Schema {
  const [name = '', ...steps] = at.split('.');
  let node = definitions[name];
  for (const step of steps) node = (node?.['properties'] as Record<string, Schema> | undefined)?.[step];
  if (!node) throw new Error(`relaxation of unknown ${at}`);
  return node;
}

function replace(definitions: Record<string, Schema>, at: string, as: Schema): void {
  const dot = at.lastIndexOf('.');
  if (dot < 0) definitions[at] = as;
  else (find(definitions, at.slice(0, dot))['properties'] as Record<string, Schema>)[at.slice(dot + 1)] = as;
}
