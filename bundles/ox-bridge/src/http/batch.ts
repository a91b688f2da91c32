import type { CallMeter } from './call-meter';
import { readAnswers } from './envelope';
import { type OxAnswer, type OxCall, asPart, isRepeatable, jsonType } from './ox-call';
import { OxError } from './ox-error';
import type { NodeRequest } from './ox-node';

/**
 * Calls that go as one `multiple`. When the session ends in the middle of them, those that it left undone, and only those, go
 * with the next one. OX HTTP API, "Multiple".
 */
export class Batch {
  readonly call: OxCall = { module: 'multiple', parameters: { continue: true } };
  readonly #outcomes: (OxAnswer | OxError | undefined)[];
  #attempts = 0;

  constructor(
    private readonly calls: readonly OxCall[],
    private readonly meter: CallMeter,
  ) {
    this.#outcomes = calls.map(() => undefined);
  }

  request(): Pick<NodeRequest, 'method' | 'headers' | 'body' | 'repeatable'> {
    this.#attempts += 1;
    const calls = this.#undone.map(([, call]) => call);
    return {
      method: 'PUT',
      headers: { 'content-type': jsonType },
      body: JSON.stringify(calls.map(asPart)),
      repeatable: calls.every(isRepeatable),
    };
  }

  /** True while one answer is that of all calls. */
  get isWhole(): boolean {
    return this.#attempts === 1;
  }

  /** The answer is one that was read before, of calls that all succeeded. */
  skip(): void {
    for (const { module, action = 'get' } of this.calls) this.meter.recordPart(module, action, 'ok');
  }

  /** @throws OxError that says that the session is gone, the first time that parts met it */
  read(text: string): (OxAnswer | OxError)[] {
    const undone = this.#undone;
    const answers = readAnswers(
      text,
      undone.map(([, { module }]) => module),
    );
    for (const [index, [at, { module, action = 'get' }]] of undone.entries()) {
      const answer = answers[index];
      this.#outcomes[at] = answer;
      this.meter.recordPart(module, action, answer instanceof OxError ? answer.oxCode || answer.code : 'ok');
    }
    const lost = this.#outcomes.find(isLost);
    if (lost && this.#attempts === 1) throw lost;
    return this.#outcomes as (OxAnswer | OxError)[];
  }

  get #undone(): (readonly [at: number, call: OxCall])[] {
    return this.calls.flatMap((call, at) => {
      const outcome = this.#outcomes[at];
      return outcome === undefined || isLost(outcome) ? [[at, call] as const] : [];
    });
  }
}

function isLost(outcome: OxAnswer | OxError | undefined): outcome is OxError {
  return outcome instanceof OxError && outcome.sessionLost;
}
