import { GroupwareError } from '@oxtender/bundle-api';
import type { OxAnswer } from './ox-call';
import { OxError } from './ox-error';

/** Category of an answer that was served all the same. */
const warning = 13;

/**
 * Reads an answer's text.
 *
 * @throws OxError what the server reported
 * @throws GroupwareError BROKEN_ANSWER
 */
export function readAnswer<T>(text: string, module: string): OxAnswer<T> {
  return readEnvelope<T>(parseJson(text, module), module);
}

/** Reads the answers of `multiple`, one for each call in order; an error in place of an answer never throws. */
export function readAnswers(text: string, modules: readonly string[]): (OxAnswer | OxError)[] {
  const list = parseJson(text, 'multiple');
  if (!Array.isArray(list)) {
    // A failure of the whole request comes as one envelope.
    readEnvelope(list, 'multiple');
    throw brokenAnswer('multiple', 'one answer for many');
  }
  if (list.length !== modules.length) throw brokenAnswer('multiple', 'too few answers');
  return list.map((one, index) => {
    try {
      return readEnvelope(one, modules[index] ?? 'multiple');
    } catch (error) {
      if (error instanceof OxError) return error;
      throw error;
    }
  });
}

/** Some answers, login's above all, have no `data` and are themselves the data. */
export function readEnvelope<T>(value: unknown, module: string): OxAnswer<T> {
  if (typeof value !== 'object' || value === null) throw brokenAnswer(module, 'an answer that is no object');
  const envelope = value as Record<string, unknown>;
  if (envelope['error'] !== undefined && Number(envelope['category']) !== warning) throw new OxError(envelope, module);
  const { data, timestamp } = envelope;
  return { data: data as T, timestamp: Number.isSafeInteger(timestamp) ? Number(timestamp) : 0 };
}

/** JSON text, leading blanks allowed: the server sends them to keep slow calls alive. */
export function parseJson(text: string, module: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw brokenAnswer(module, 'an answer that is no JSON', cause);
  }
}

/** The JSON inside the HTML page that answers an upload; JSON itself passes. */
export function unwrapUpload(text: string, module: string): string {
  if (/^\s*[[{]/.test(text)) return text;
  const start = text.indexOf('{', text.indexOf('('));
  const end = text.lastIndexOf('}', text.lastIndexOf(')'));
  if (start < 0 || end < start) throw brokenAnswer(module, 'an upload answer without JSON');
  return text.slice(start, end + 1);
}

/** An answer that cannot be understood. */
export function brokenAnswer(module: string, what: string, cause?: unknown): GroupwareError {
  return new GroupwareError('BROKEN_ANSWER', `OX gave ${what}`, { cause, backend: { module } });
}
