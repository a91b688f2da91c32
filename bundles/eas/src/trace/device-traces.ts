import type { Clock } from '@oxtender/bundle-api';
import type { Exchange } from '../http/exchange';
import type { ReceivedBody } from '../http/received-body';
import { type Answer, documentIn } from '../protocol/command';
import { decode, Element, printXml, WbxmlError } from '../wbxml';
import { maskContent } from './mask';

/** A request or an answer as somebody who watches a device sees it. */
export interface TraceRecord {
  readonly time: number;
  readonly direction: 'request' | 'answer';
  readonly requestId: string;
  readonly user: string | undefined;
  readonly device: string | undefined;
  readonly command: string | undefined;
  readonly version: string | undefined;
  /** Of the document; absent where there is none. */
  readonly bytes?: number;
  /** Without bodies and passwords; absent where there is no document. */
  readonly xml?: string;
  /** What is there instead of a document. */
  readonly contentType?: string;
  readonly http?: number;
  readonly durationMs?: number;
  readonly backendCalls?: number;
  /** Why the request was refused. */
  readonly reason?: string;
}

type Listener = (record: TraceRecord) => void;

/** Shows requests and answers of single devices to operators who watch. Costs nothing while nobody does. */
export class DeviceTraces {
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  listen(device: string, listener: Listener): Disposable {
    const listeners = this.#listeners.get(device) ?? new Set();
    this.#listeners.set(device, listeners.add(listener));
    return {
      [Symbol.dispose]: () => {
        listeners.delete(listener);
        if (listeners.size === 0) this.#listeners.delete(device);
      },
    };
  }

  request(exchange: Exchange, body: ReceivedBody): void {
    const contentType = exchange.context.get('Content-Type').split(';', 1)[0];
    this.#tell(exchange, () => ({
      ...this.#names(exchange, 'request'),
      bytes: body.bytes.length,
      ...(requestDocument(body) ?? (contentType && body.bytes.length > 0 ? { contentType } : {})),
    }));
  }

  answer(exchange: Exchange, answer: Answer, reason?: string): void {
    this.#tell(exchange, () => {
      const now = this.clock.now();
      const { backendCalls } = exchange.logFields(now);
      const document = documentIn(answer);
      return {
        ...this.#names(exchange, 'answer'),
        http: exchange.http,
        durationMs: now - exchange.started,
        ...(typeof backendCalls === 'number' && { backendCalls }),
        ...(document && { xml: printXml(document, maskContent) }),
        ...(answer !== undefined &&
          !(answer instanceof Element) && { contentType: answer.contentType, bytes: answer.body.length }),
        ...(reason !== undefined && { reason }),
      };
    });
  }

  #names(exchange: Exchange, direction: TraceRecord['direction']): TraceRecord {
    const { line, login, requestId } = exchange;
    return {
      ...{ time: this.clock.now(), direction, requestId, user: login ?? line?.user },
      ...{ device: line?.deviceId, command: line?.command, version: line?.version },
    };
  }

  #tell({ line }: Exchange, record: () => TraceRecord): void {
    const listeners = line && this.#listeners.get(line.deviceId);
    if (!listeners) return;
    const made = record();
    for (const listener of [...listeners]) listener(made);
  }
}

/** Undefined for what is no document: a mail, or nothing. */
function requestDocument({ bytes, document }: ReceivedBody): { xml: string } | undefined {
  if (bytes.length === 0) return undefined;
  try {
    return { xml: printXml(decode(document), maskContent) };
  } catch (error) {
    if (error instanceof WbxmlError) return undefined;
    throw error;
  }
}
