import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

type Schema = Record<string, unknown>;

/** Swagger 2.0, "Parameter Object". */
interface Parameter {
  readonly in: 'query' | 'body' | 'formData' | 'path' | 'header';
  readonly name: string;
  readonly required?: boolean;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly schema?: Schema;
}

/** A request as the description sees it. */
export interface DescribedRequest {
  /** Without the session. */
  readonly parameters: ReadonlyMap<string, string>;
  /** JSON; undefined where there is none, or where it is no JSON. */
  readonly body?: unknown;
}

interface Operation {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[] | Parameter;
  readonly responses: Readonly<Record<string, { readonly schema?: Schema }>>;
  readonly produces?: readonly string[];
}

interface Swagger {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly definitions: Record<string, Schema>;
  readonly parameters: Readonly<Record<string, Parameter>>;
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
  /** Parameters that the description of an operation does not have, or describes otherwise; `*`: of every one. */
  readonly parameters: readonly { readonly of: string; readonly names: readonly string[]; readonly reason: string }[];
  /** Operations whose requests are not held against the description of their bodies. */
  readonly bodies: readonly { readonly of: string; readonly reason: string }[];
  /** Operations that the description does not have. */
  readonly undescribed: readonly { readonly call: string; readonly reason: string }[];
}

/** The vendor's description lies beside the project, not in it. */
const file = ancestors(__dirname)
  .map((folder) => join(folder, 'shared', 'reference', 'ox-openapi-7.10.2.json'))
  .find((path) => existsSync(path));

/** Descriptive texts instead of values: `1 (low)`, `bit 0 (...)`. */
const descriptive = /^(?:bit )?\d+ \(/;

/** The vendor's API description of 7.10.2 (Swagger 2.0), as validators of answers. */
export class VendorDescription {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  readonly #swagger: Swagger;
  readonly #bodies = new Map<string, ValidateFunction>();
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
    if (file === undefined) return undefined;
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

  /** What is wrong with a request; undefined when the description does not know the call. */
  requestErrors(method: string, module: string, action: string, request: DescribedRequest): string[] | undefined {
    const key = `${method} /${module}${action === '' ? '' : `?action=${action}`}`;
    const operation = this.#operation(key);
    if (!operation) return undefined;
    const described = this.#parametersOf(operation);
    return [
      ...this.#parameterFaults(key, described, request.parameters),
      ...(request.body === undefined ? [] : this.#bodyFaults(key, described, request.body)),
    ];
  }

  #parameterFaults(key: string, described: readonly Parameter[], given: ReadonlyMap<string, string>): string[] {
    const excused = (name: string): boolean =>
      this.#relaxations.parameters.some(({ of, names }) => (of === '*' || of === key) && names.includes(name));
    const query = described.filter((one) => one.in === 'query' && !['session', 'action'].includes(one.name));
    const missing = query.filter(({ name, required }) => required === true && !given.has(name));
    const wrong = [...given].flatMap(([name, value]) => {
      const one = query.find((parameter) => parameter.name === name);
      return one ? (isOfType(one, value) ? [] : [[name, `is not ${one.type ?? ''}: ${value}`]]) : [[name, 'unknown']];
    });
    return [...missing.map(({ name }) => [name, 'missing']), ...wrong]
      .filter(([name = '']) => !excused(name))
      .map((fault) => `parameter ${fault.join(' ')}`);
  }

  #bodyFaults(key: string, described: readonly Parameter[], body: unknown): string[] {
    if (this.#relaxations.bodies.some(({ of }) => of === key)) return [];
    const schema = described.find((one) => one.in === 'body')?.schema;
    if (!schema) return ['a body is not described'];
    let validate = this.#bodies.get(key);
    if (!validate) this.#bodies.set(key, (validate = this.#ajv.compile(clean(schema) as Schema)));
    // A null clears a field: "Data types", which no schema repeats.
    if (validate(withoutNulls(body))) return [];
    return (validate.errors ?? []).map(({ instancePath, message = '', params }) => {
      const name = (params as { additionalProperty?: string }).additionalProperty ?? '';
      return `body ${instancePath.replace(/\/\d+/g, '/#')} ${message} ${name}`.trim();
    });
  }

  #parametersOf({ parameters = [] }: Operation): Parameter[] {
    const list = Array.isArray(parameters)
      ? (parameters as (Parameter | { $ref: string })[])
      : [parameters as Parameter];
    return list.flatMap((one) => {
      if (!('$ref' in one)) return [one];
      const found = this.#swagger.parameters[one.$ref.replace('#/parameters/', '')];
      return found ? [found] : [];
    });
  }

  #operation(key: string): Operation | undefined {
    const [method = '', path = ''] = key.split(' ');
    const configured = path.startsWith('/config/') ? '/config/{path}' : path;
    return this.#swagger.paths[configured]?.[method.toLowerCase()];
  }

  #compile(key: string): ValidateFunction | undefined {
    const operation = this.#operation(key);
    if (!operation) return undefined;
    const relaxed = this.#relaxations.schemas.find(({ at }) => at === key);
    const schema = relaxed?.as ?? operation.responses['200']?.schema ?? {};
    // Where bytes or pages are answered, a refusal is an envelope all the same.
    const orRefusal =
      schema['type'] === 'string' ? { anyOf: [schema, { $ref: '#/definitions/CommonResponse' }] } : schema;
    return this.#ajv.compile(clean(orRefusal) as Schema);
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

function ancestors(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(kept.map(([name, child]) => [name, withoutNulls(child)]));
}

function isOfType({ type, enum: values }: Parameter, value: string): boolean {
  if (type === 'integer' && !/^-?\d+$/.test(value)) return false;
  if (type === 'boolean' && !/^(?:true|false)$/.test(value)) return false;
  return !values || values.some((one) => descriptive.test(String(one)) || String(one) === value);
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
