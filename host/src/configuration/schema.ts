import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

/** What a change of a key restarts; the least disruptive first (rule G17). */
export const restartLevels = ['none', 'component', 'bundle', 'host'] as const;
export type RestartLevel = (typeof restartLevels)[number];

/** The parts of a key's JSON Schema that the host reads itself. */
export interface KeySchema {
  readonly type?: string | readonly string[];
  readonly items?: KeySchema;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly 'x-secret'?: boolean;
  readonly 'x-restart'?: RestartLevel;
}

/** A fault of one key. */
export interface SchemaFault {
  readonly key: string;
  readonly reason: string;
}

/** Knows what a JSON Schema is; remembers none of those that it checks. */
const checker = new Ajv2020({ strict: false });
addFormats(checker);

/** An Ajv keeps all that it ever compiled, so each schema has one of its own: both go with the bundle's generation. */
function compile(source: Readonly<Record<string, unknown>>): ValidateFunction {
  const schema = { type: 'object', ...source };
  void checker.validateSchema(schema, true);
  const ajv = new Ajv2020({
    allErrors: true,
    coerceTypes: true,
    useDefaults: true,
    strict: false,
    meta: false,
    validateSchema: false,
  });
  addFormats(ajv);
  return ajv.compile(schema);
}

/** The metatype of a PID: a JSON Schema from the manifest of the bundle that it configures (rule G16). */
export class ConfigurationSchema {
  readonly keys: Readonly<Record<string, KeySchema>>;
  readonly #validate: ValidateFunction;
  /** By its lower-case form, since keys compare case-insensitively (rule G4). */
  readonly #spelling: ReadonlyMap<string, string>;

  /** @throws Error when it is no JSON Schema */
  constructor(readonly source: Readonly<Record<string, unknown>>) {
    this.keys = (source.properties ?? {}) as Record<string, KeySchema>;
    this.#spelling = new Map(Object.keys(this.keys).map((key) => [key.toLowerCase(), key]));
    this.#validate = compile(source);
  }

  /** The key as the schema spells it; undefined when it does not know it. */
  spell(key: string): string | undefined {
    return this.#spelling.get(key.toLowerCase());
  }

  isArray(key: string): boolean {
    return this.keys[key]?.type === 'array';
  }

  /** Keys whose values are to be shown nowhere (rule G18). */
  get secrets(): string[] {
    return Object.keys(this.keys).filter((key) => this.isSecret(key));
  }

  /** Keys of one restart level. */
  keysRestarting(level: RestartLevel): string[] {
    return Object.keys(this.keys).filter((key) => this.restartLevel(key) === level);
  }

  isSecret(key: string): boolean {
    return this.keys[this.spell(key) ?? '']?.['x-secret'] === true;
  }

  restartLevel(key: string): RestartLevel {
    return this.keys[this.spell(key) ?? '']?.['x-restart'] ?? 'component';
  }

  /** Coerces the values in place to the types of the schema, and fills the defaults in. */
  apply(values: Record<string, unknown>): SchemaFault[] {
    if (this.#validate(values)) return [];
    return (this.#validate.errors ?? []).map(faultOf);
  }
}

function faultOf({ instancePath, keyword, params, message = 'is wrong' }: ErrorObject): SchemaFault {
  const key = instancePath.split('/')[1]?.replaceAll('~1', '/').replaceAll('~0', '~') ?? '';
  if (keyword === 'required')
    return { key: (params as { missingProperty: string }).missingProperty, reason: 'is missing' };
  if (keyword === 'enum') {
    const { allowedValues } = params as { allowedValues: readonly unknown[] };
    return { key, reason: `must be one of ${allowedValues.map(String).join(', ')}` };
  }
  if (keyword === 'additionalProperties') {
    return { key: (params as { additionalProperty: string }).additionalProperty, reason: 'is not known' };
  }
  return { key, reason: message };
}
