import type { Viewer } from '../columns/column';
import { fromZoned, isZone } from '../store/zone';
import { oxError } from '../envelope/ox-error';
import type { Form } from '../http/body';
import type { Session } from '../session/sessions';
import type { OxContext } from '../store/context';
import type { User } from '../store/users';
import type { OxServer } from './server';

/** Parameters of a request by name. */
export interface Params {
  get(name: string): string | undefined;
}

/** What came in the body: bytes of a PUT, a form, or the `data` of one request inside `multiple`. */
export type CallBody =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'form'; readonly form: Form }
  | { readonly kind: 'json'; readonly value: unknown };

/** What makes up a request. */
export interface CallRequest {
  readonly params: Params;
  readonly body: CallBody;
  readonly rest?: string;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A greatest stamp for requests that do not tell which state they know: they always win. */
const anyStamp = Number.MAX_SAFE_INTEGER;

/** One request to one action, with its session. */
export class Call {
  readonly params: Params;
  readonly body: CallBody;
  /** Path below the module, for example `folder/tasks` of `config`. */
  readonly rest: string;
  readonly context: OxContext;
  readonly user: User;
  readonly viewer: Viewer;
  readonly #afterwards: (() => Promise<void>)[] = [];

  constructor(
    readonly server: OxServer,
    readonly session: Session,
    { params, body, rest = '' }: CallRequest,
  ) {
    this.params = params;
    this.body = body;
    this.rest = rest;
    this.context = session.context;
    this.user = session.context.users.get(session.user.id) ?? session.user;
    this.viewer = {
      user: this.user.id,
      zone: this.#zone(),
      numericIds: server.options.imitate === '6.x',
    };
  }

  /** Something to do when the action is done and its changes stand: mails to others. */
  afterwards(work: () => Promise<void>): void {
    this.#afterwards.push(work);
  }

  /** Does what was put off. A failure is logged: the action itself succeeded. */
  async finish<T>(reply: T): Promise<T> {
    for (const work of this.#afterwards.splice(0))
      try {
        await work();
      } catch (error) {
        this.server.log?.warn('a mail about an appointment could not be sent', { error });
      }
    return reply;
  }

  get isFinished(): boolean {
    return this.#afterwards.length === 0;
  }

  /** Undefined when the parameter is missing or empty. */
  text(name: string): string | undefined {
    const value = this.params.get(name);
    return value === '' ? undefined : value;
  }

  /** @throws OxError SVL-0002 */
  need(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw oxError('SVL-0002', name);
    return value;
  }

  /** @throws OxError SVL-0010 when it is no whole number */
  int(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!Number.isInteger(number)) throw oxError('SVL-0010', `${name}=${value}`);
    return number;
  }

  /** @throws OxError SVL-0002, SVL-0010 */
  needInt(name: string): number {
    const number = this.int(name);
    if (number === undefined) throw oxError('SVL-0002', name);
    return number;
  }

  /** `true`, `1`, `yes` and `on` are true. */
  flag(name: string): boolean {
    return /^(?:true|1|yes|on)$/i.test(this.text(name) ?? '');
  }

  /** A Time parameter in UTC milliseconds. */
  time(name: string): number | undefined {
    const value = this.int(name);
    return value === undefined ? undefined : fromZoned(value, this.viewer.zone);
  }

  /** The newest last_modified that the client knows. */
  get timestamp(): number {
    return this.int('timestamp') ?? anyStamp;
  }

  /**
   * The body as JSON.
   *
   * @throws OxError SVL-0023, SVL-0009
   */
  json(): unknown {
    const { body } = this;
    if (body.kind === 'json') {
      if (body.value === undefined) throw oxError('SVL-0023');
      return body.value;
    }
    const text = body.kind === 'bytes' ? body.bytes.toString('utf8') : this.#jsonPart(body.form);
    if (text.trim() === '') throw oxError('SVL-0023');
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw oxError('SVL-0009', (cause as Error).message);
    }
  }

  /** @throws OxError SVL-0023, SVL-0009 */
  object(): JsonObject {
    return asObject(this.json());
  }

  /** The body as an array of objects; a single object is an array of one. @throws OxError SVL-0023, SVL-0009 */
  objects(): JsonObject[] {
    const value = this.json();
    return (Array.isArray(value) ? value : [value]).map(asObject);
  }

  /** The body as an array of texts; numbers are taken as texts. @throws OxError SVL-0023, SVL-0009 */
  strings(): string[] {
    const value = this.json();
    return (Array.isArray(value) ? value : [value]).map((element) => {
      if (typeof element !== 'string' && typeof element !== 'number') throw oxError('SVL-0009', 'an id is no string');
      return String(element);
    });
  }

  #jsonPart({ fields, files }: Form): string {
    const part = fields.get('json') ?? fields.get('json_0');
    if (part !== undefined) return part;
    const file = files.find(({ field }) => field === 'json' || field === 'json_0');
    if (!file) throw oxError('SVL-0002', 'json');
    return file.data.toString('utf8');
  }

  /** Only `timezone` of the request or the user's own. @throws OxError SVL-0010 */
  #zone(): string {
    const zone = this.text('timezone') ?? this.user.timezone;
    if (!isZone(zone)) throw oxError('SVL-0010', `timezone=${zone}`);
    return zone;
  }
}

/** A text or a number as text; undefined for anything else, and for the empty text. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The body without some of its fields. */
export function without(body: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

export function asObject(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw oxError('SVL-0009', 'an object is expected');
  return value as JsonObject;
}
