import { renderAnswer, renderError } from '../envelope/envelope';
import { oxError } from '../envelope/ox-error';
import type { Session } from '../session/sessions';
import { Call, type CallRequest, type JsonObject, type Params, asObject } from './call';
import { findAction, runAction } from './dispatch';
import { type Module, isBare, isDownload } from './module';
import type { OxServer } from './server';

/**
 * Runs several requests of one session, one after the other.
 *
 * @returns a bare array of envelopes in the order of the requests. OX HTTP API, "Module multiple"
 * @throws OxError SVL-0009, SVL-0020
 */
export async function answerMultiple(
  server: OxServer,
  modules: Readonly<Record<string, Module>>,
  session: Session,
  request: CallRequest,
): Promise<string> {
  const outer = new Call(server, session, request);
  const requests = outer.json();
  if (!Array.isArray(requests)) throw oxError('SVL-0020', 'an array of requests is expected');
  const answers: string[] = [];
  for (const element of requests as unknown[]) {
    try {
      answers.push(await answerOne(server, modules, session, asObject(element)));
    } catch (cause) {
      answers.push(renderError(server.toOxError(cause), server.style));
      if (!outer.flag('continue')) break;
    }
  }
  return `[${answers.join(',')}]`;
}

async function answerOne(
  server: OxServer,
  modules: Readonly<Record<string, Module>>,
  session: Session,
  request: JsonObject,
): Promise<string> {
  const [module, name] = [String(request['module']), String(request['action'])];
  const broken = server.beforePart(session, module, name);
  if (broken) await broken;
  const { action, rest } = findAction(modules, module, name);
  const params: Params = { get: (name) => paramText(request[name]) };
  const call = new Call(server, session, { params, body: { kind: 'json', value: request['data'] }, rest });
  const pending = runAction(action, call);
  const reply = pending instanceof Promise ? await pending : pending;
  if (isDownload(reply) || isBare(reply)) throw oxError('SVL-0020', 'downloads are not possible here');
  return renderAnswer(reply, server.style);
}

function paramText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
