import { hash } from 'node:crypto';
import { type ByteStream, type Cancellable, GroupwareError, isStoredContent } from '@oxtender/bundle-api';
import type { OxAccount } from '../session/ox-account';
import type { OxLogin } from '../session/ox-login';
import { Batch } from './batch';
import type { CallTally } from './call-meter';
import { brokenAnswer, readAnswer, unwrapUpload } from './envelope';
import { type UploadPart, multipart } from './multipart';
import { type OxAnswer, type OxCall, isRepeatable, jsonType, pathOf } from './ox-call';
import { OxError } from './ox-error';
import type { NodeAnswer, NodeRequest } from './ox-node';

/** Bytes that OX delivers as they are. */
export interface OxDownload {
  readonly contentType: string;
  readonly content: ByteStream;
}

/** A row of a list, in the order of the columns asked for; the id comes first. */
export type OxRow = readonly unknown[];

/** What calls answered, and by what it is known again. */
export interface PrintedAnswers {
  /** Of the text; empty where it is not that of all calls. */
  readonly print: string;
  /** In order; undefined for what is known. */
  readonly answers: readonly (OxAnswer | OxError)[] | undefined;
}

/** The calls of one handle: through the user's session, counted. */
export class OxClient {
  constructor(
    readonly account: OxAccount,
    readonly tally: CallTally,
  ) {}

  /** How many items one call may name. */
  get batchSize(): number {
    return this.account.environment.config['ox.batch'];
  }

  /** @throws OxError, GroupwareError UNAVAILABLE, BROKEN_ANSWER */
  call<T>(call: OxCall, { signal }: Cancellable): Promise<OxAnswer<T>> {
    const { module, action = 'get', body } = call;
    const request = {
      method: body === undefined ? ('GET' as const) : ('PUT' as const),
      headers: body === undefined ? {} : { 'content-type': jsonType },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      repeatable: isRepeatable(call),
    };
    return this.#exchange(
      call,
      () => request,
      { signal },
      (answer) => ({
        ...readAnswer<T>(textOf(answer, `${module} ${action}`), module),
        ...serverTime(answer),
      }),
    );
  }

  /** A call that lists objects. What is no object any more stands as null among the rows of some versions: it is left out. */
  async rows(call: OxCall, options: Cancellable): Promise<OxAnswer<OxRow[]>> {
    const answer = await this.call<unknown>(call, options);
    return { ...answer, data: rowsIn(answer.data, call.module) };
  }

  /** Many calls in as few requests as possible; each has its own outcome, in order. OX HTTP API, "Multiple". */
  async all(calls: readonly OxCall[], { signal }: Cancellable): Promise<(OxAnswer | OxError)[]> {
    const results: (OxAnswer | OxError)[] = [];
    for (let start = 0; start < calls.length; start += this.batchSize)
      results.push(...(await this.#multiple(calls.slice(start, start + this.batchSize), signal)));
    return results;
  }

  /**
   * As {@link OxClient.all}, in one request. An answer that is the same text as one before is not read again.
   *
   * @param known - the print of that answer; of one in which no call failed
   */
  allUnlessSame(calls: readonly OxCall[], known: string, { signal }: Cancellable): Promise<PrintedAnswers> {
    return this.#batched(calls, signal, (text, batch) => {
      const print = batch.isWhole ? hash('sha1', text, 'base64url') : '';
      if (print === '' || print !== known) return { print, answers: batch.read(text) };
      batch.skip();
      return { print, answers: undefined };
    });
  }

  /** Sends files. The answer comes wrapped in HTML, which is taken off. */
  upload<T>(call: OxCall, parts: readonly UploadPart[], { signal }: Cancellable): Promise<OxAnswer<T>> {
    const { contentType, body } = multipart(parts);
    const replayable = parts.every(({ content }) => isReplayable(content));
    const request = { method: 'POST' as const, headers: { 'content-type': contentType }, body, repeatable: false };
    return this.#exchange(
      call,
      () => request,
      { signal, replayable },
      (answer) => readAnswer<T>(unwrapUpload(textOf(answer, call.module), call.module), call.module),
    );
  }

  /** PUTs bytes as they are. */
  put<T>(call: OxCall, contentType: string, content: ByteStream, { signal }: Cancellable): Promise<OxAnswer<T>> {
    const headers = { 'content-type': contentType };
    const request = { method: 'PUT' as const, headers, body: () => content, repeatable: false };
    return this.#exchange(
      call,
      () => request,
      { signal, replayable: false },
      (answer) => readAnswer<T>(textOf(answer, call.module), call.module),
    );
  }

  /** @throws OxError; GroupwareError NOT_FOUND for what answers 404 */
  download(call: OxCall, { signal }: Cancellable): Promise<OxDownload> {
    return this.#measured(call, { signal }, async (login) => {
      const path = pathOf(call, login.session);
      const { statusCode, headers, body } = await login.node.stream({
        method: 'GET',
        path,
        headers: login.headers(),
        signal,
        repeatable: true,
      });
      if (statusCode === 404) throw new GroupwareError('NOT_FOUND', 'OX has no such file');
      if (statusCode === 403) throw sessionPage(call.module);
      const contentType = String(headers['content-type'] ?? 'application/octet-stream');
      if (headers['content-disposition'] === undefined && /json|javascript|text\/html/.test(contentType)) {
        readAnswer(unwrapUpload(await body.text(), call.module), call.module);
        throw new GroupwareError('BROKEN_ANSWER', 'OX answered a download without bytes');
      }
      return { contentType: contentType.split(';', 1)[0]?.trim() ?? contentType, content: bytesOf(body, signal) };
    });
  }

  async #multiple(calls: readonly OxCall[], signal: AbortSignal): Promise<(OxAnswer | OxError)[]> {
    const [first] = calls;
    if (calls.length === 1 && first)
      return [
        await this.call(first, { signal }).catch((error: unknown) => (isPlainRefusal(error) ? error : raise(error))),
      ];
    return this.#batched(calls, signal, (text, batch) => batch.read(text));
  }

  #batched<T>(calls: readonly OxCall[], signal: AbortSignal, read: (text: string, batch: Batch) => T): Promise<T> {
    const batch = new Batch(calls, this.account.environment.meter);
    const { call } = batch;
    return this.#exchange(
      call,
      () => batch.request(),
      { signal },
      (answer) => read(textOf(answer, call.module), batch),
    );
  }

  #exchange<T>(
    call: OxCall,
    makeRequest: () => Omit<NodeRequest, 'path' | 'signal'>,
    options: Cancellable & { replayable?: boolean },
    read: (answer: NodeAnswer) => T,
  ): Promise<T> {
    return this.#measured(call, options, async (login) => {
      const path = pathOf(call, login.session);
      const { signal } = options;
      const request = makeRequest();
      const answer = await login.node.exchange({ ...request, path, signal, headers: login.headers(request.headers) });
      login.accept(answer.headers);
      return read(answer);
    });
  }

  #measured<T>(
    { module, action = 'get' }: OxCall,
    options: Cancellable & { replayable?: boolean },
    work: (login: OxLogin) => Promise<T>,
  ): Promise<T> {
    const { meter, tracer, log } = this.account.environment;
    const measured = async (login: OxLogin): Promise<T> => {
      const begin = performance.now();
      let outcome = 'ok';
      try {
        return await work(login);
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        const milliseconds = performance.now() - begin;
        this.tally.add(milliseconds);
        meter.record(module, action, milliseconds / 1000, outcome);
        if (log.isEnabled('debug')) {
          const { requestId } = this.tally;
          log.debug('ox call', { requestId, module, action, outcome, durationMs: Math.round(milliseconds) });
        }
      }
    };
    const span = { kind: 'client' as const, attributes: () => ({ 'ox.module': module, 'ox.action': action }) };
    return this.account.run((login) => tracer.span(`ox ${module} ${action}`, () => measured(login), span), options);
  }
}

/** False for what can be read only once. */
function isReplayable(content: UploadPart['content']): boolean {
  return typeof content === 'string' || content instanceof Uint8Array || isStoredContent(content);
}

/** @throws GroupwareError BROKEN_ANSWER */
export function rowsIn(data: unknown, module: string): OxRow[] {
  if (!Array.isArray(data)) throw brokenAnswer(module, 'no list');
  const rows = data as unknown[];
  for (const row of rows)
    if (row !== null && !isRow(row)) throw brokenAnswer(module, 'a list of what are no rows, or rows without an id');
  return (rows.includes(null) ? rows.filter((row) => row !== null) : rows) as OxRow[];
}

export function isRow(value: unknown): value is OxRow {
  return Array.isArray(value) && value[0] !== null && value[0] !== undefined;
}

function textOf({ status, text }: NodeAnswer, what: string): string {
  if (status < 300 || /^\s*[[{]/.test(text)) return text;
  if (status === 403) throw sessionPage(what);
  if (status === 404) throw new GroupwareError('UNSUPPORTED', `OX does not know ${what}`, { backend: { status } });
  if (status === 413) throw new GroupwareError('QUOTA', 'OX finds the request too large', { backend: { status } });
  throw new GroupwareError('BROKEN_ANSWER', `OX answered ${what} with status ${status}`, { backend: { status } });
}

/** Session errors may come as a page without any code. */
function sessionPage(module: string): OxError {
  return new OxError({ code: 'SES-0203', category: 4, error_desc: 'status 403' }, module);
}

function serverTime({ headers }: NodeAnswer): { serverTime?: number } {
  const time = Date.parse(String(headers.date));
  return Number.isNaN(time) ? {} : { serverTime: time };
}

function outcomeOf(error: unknown): string {
  if (error instanceof OxError) return error.oxCode || error.code;
  return error instanceof GroupwareError ? error.code : 'aborted';
}

/** A refusal of this call only, as `multiple` would report it. */
function isPlainRefusal(error: unknown): error is OxError {
  return error instanceof OxError && !error.sessionLost;
}

function raise(error: unknown): never {
  throw error;
}

/** @throws GroupwareError UNAVAILABLE when the connection breaks half-way */
async function* bytesOf(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new GroupwareError('UNAVAILABLE', 'OX broke off a download', { cause });
  }
}
