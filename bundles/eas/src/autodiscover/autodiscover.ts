import {
  type Clock,
  type Credentials,
  type GroupwareBridge,
  type GroupwareUser,
  type HttpState,
  isOxtenderError,
  type Logger,
} from '@oxtender/bundle-api';
import type { Context, Middleware, Next } from 'koa';
import type { EasConfig } from '../config';
import { parseCredentials } from '../http/credentials';
import { redirectFor } from '../http/redirects';
import { readRequestBody } from '../http/request-body';
import { AutodiscoverError } from './autodiscover-error';
import { type AutodiscoverAnswer, fault, jsonFault } from './faults';
import { type JsonRequest, readJsonRequest } from './json-v2';
import { redirectAnswer, settingsAnswer } from './pox-answer';
import { readPoxRequest } from './pox-request';
import { isAddress, isElsewhere, movedAddress, redirectOf, serverAddress } from './server-address';

export interface AutodiscoverParts {
  readonly bridge: GroupwareBridge;
  readonly config: EasConfig;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Bytes of a request: an address and two schemas. */
const largestRequest = 65_536;

/** Devices write the path in any case. */
const paths = /^\/autodiscover\/autodiscover\.(?:(?<pox>xml)|json(?:\/v1\.0\/(?<address>[^/]+))?)\/?$/i;

const poxPath = '/autodiscover/autodiscover.xml';
const jsonPath = '/autodiscover/autodiscover.json';

/** Tells a device where its user's server is. [MS-ASCMD] "Autodiscover"; Autodiscover version 2 (JSON). */
export class Autodiscover {
  constructor(private readonly parts: AutodiscoverParts) {}

  /** Answers its own paths, and passes on every other. */
  readonly middleware: Middleware = async (context: Context, next: Next): Promise<void> => {
    // The whole path: the route stands for the first part of it.
    const [path = ''] = context.originalUrl.split('?', 1);
    const found = paths.exec(path)?.groups;
    if (!found) return next() as Promise<void>;
    context.set('Cache-Control', 'private');
    if (found['pox'] === undefined) this.#json(context, found['address']);
    else await this.#pox(context);
  };

  async #pox(context: Context): Promise<void> {
    const { config, log, clock } = this.parts;
    const asked: { address?: string } = {};
    const begin = clock.now();
    const fields = () => ({ ...requestFields(context), address: asked.address, durationMs: clock.now() - begin });
    try {
      send(context, await this.#answerPox(context, asked));
      log.info('autodiscover', fields());
    } catch (error) {
      const credentialUrl = config['com.openexchange.usm.eas.autodiscover.credential_url'];
      const { answer, serverFault } = fault(error, { address: asked.address, now: clock.now(), credentialUrl });
      send(context, answer);
      if (serverFault) log.error('autodiscover failed', { ...fields(), error });
      else log.warn('autodiscover refused', { ...fields(), ...reasonOf(error) });
    }
  }

  async #answerPox(context: Context, asked: { address?: string }): Promise<AutodiscoverAnswer> {
    const { config } = this.parts;
    if (context.method === 'POST') return this.#answerPost(context, asked);
    if (context.method !== 'GET' && context.method !== 'HEAD') {
      return { status: 405, headers: { Allow: 'GET, HEAD, POST' }, type: 'text/plain', body: 'Method Not Allowed' };
    }
    const own = config['com.openexchange.usm.eas.autodiscover.url'];
    const server = serverAddress(context, own);
    // how clients look for the server of a domain: a plain GET that is to be sent to the place with TLS
    if (own !== '' && isElsewhere(context, server)) return moved(server + poxPath);
    await this.#login(context, this.#credentials(context));
    throw new AutodiscoverError('INVALID_REQUEST', 'the request has to be a POST');
  }

  async #answerPost(context: Context, asked: { address?: string }): Promise<AutodiscoverAnswer> {
    const { config } = this.parts;
    const credentials = this.#credentials(context);
    const address = readPoxRequest(await readRequestBody(context.req, largestRequest));
    asked.address = address;
    if (!isAddress(address)) throw new AutodiscoverError('BAD_ADDRESS', 'the e-mail address is none');
    const target = redirectOf(address, config['com.openexchange.usm.eas.autodiscover.redirect']);
    if (target?.includes('://')) return moved(placeAt(target, poxPath));
    if (target !== undefined) return document(redirectAnswer({ address }, movedAddress(address, target)));
    const elsewhere = this.#otherServer(credentials.login) ?? this.#otherServer(address);
    if (elsewhere !== undefined) return document(settingsAnswer({ address }, elsewhere));
    const user = await this.#login(context, credentials);
    if (!isOf(user, address, credentials)) {
      throw new AutodiscoverError('UNKNOWN_ADDRESS', 'the e-mail address is not one of the user');
    }
    const { displayName } = user;
    return document(settingsAnswer({ displayName, address }, this.#endpoint(context)));
  }

  #json(context: Context, pathAddress: string | undefined): void {
    const { log } = this.parts;
    try {
      send(context, this.#answerJson(context, pathAddress));
      log.info('autodiscover', requestFields(context));
    } catch (error) {
      const { answer, serverFault } = jsonFault(error);
      send(context, answer);
      if (serverFault) log.error('autodiscover failed', { ...requestFields(context), error });
      else log.warn('autodiscover refused', { ...requestFields(context), ...reasonOf(error) });
    }
  }

  #answerJson(context: Context, pathAddress: string | undefined): AutodiscoverAnswer {
    const { config } = this.parts;
    if (context.method !== 'GET' && context.method !== 'HEAD') {
      const body = { ErrorCode: 'MethodNotAllowed', ErrorMessage: 'Only GET is allowed' };
      return { ...json(body), status: 405, headers: { Allow: 'GET, HEAD' } };
    }
    const request = readJsonRequest(pathAddress, new URLSearchParams(context.querystring));
    if (!isAddress(request.address))
      throw new AutodiscoverError('BAD_ADDRESS', 'A valid smtp address must be specified');
    const target = redirectOf(request.address, config['com.openexchange.usm.eas.autodiscover.redirect']);
    if (target?.includes('://')) return moved(`${placeAt(target, jsonPath)}?${queryOf(request)}`);
    const address = target === undefined ? request.address : movedAddress(request.address, target);
    const url =
      request.protocol === 'ActiveSync'
        ? (this.#otherServer(address) ?? this.#endpoint(context))
        : this.#server(context) + poxPath;
    return json({ Protocol: request.protocol, Url: url });
  }

  #server(context: Context): string {
    return serverAddress(context, this.parts.config['com.openexchange.usm.eas.autodiscover.url']);
  }

  #endpoint(context: Context): string {
    return this.#server(context) + this.parts.config['com.openexchange.usm.eas.alias'];
  }

  /** The server that later requests of this user are sent to with status 451. */
  #otherServer(login: string): string | undefined {
    return redirectFor(login, this.parts.config['com.openexchange.usm.eas.redirect']);
  }

  #credentials(context: Context): Credentials {
    const pattern = this.parts.config['com.openexchange.usm.eas.login_pattern.domain_user'];
    return parseCredentials(context.headers.authorization, pattern);
  }

  async #login(context: Context, credentials: Credentials): Promise<GroupwareUser> {
    const { signal } = context.state as HttpState;
    const userAgent = context.get('User-Agent');
    const options = { signal, address: context.ip, ...(userAgent === '' ? {} : { userAgent }) };
    using session = await this.parts.bridge.login(credentials, options);
    return session.user;
  }
}

/** What a user calls the account: an address of it, or the login name itself. */
function isOf({ addresses, login }: GroupwareUser, address: string, credentials: Credentials): boolean {
  const own = [...addresses, login, credentials.login].map((each) => each.toLowerCase());
  return own.includes(address.toLowerCase());
}

/** A target that names no path is a server of this kind. */
function placeAt(target: string, path: string): string {
  const { origin, pathname } = new URL(target);
  return pathname === '/' ? origin + path : target;
}

function queryOf({ address, protocol, redirects }: JsonRequest): string {
  const query = { Email: address, Protocol: protocol, RedirectCount: String(redirects + 1) };
  return new URLSearchParams(query).toString();
}

function moved(location: string): AutodiscoverAnswer {
  return { status: 302, headers: { Location: location }, type: 'text/plain', body: '' };
}

function document(body: string): AutodiscoverAnswer {
  return { status: 200, type: 'text/xml; charset=utf-8', body };
}

function json(body: Readonly<Record<string, string>>): AutodiscoverAnswer {
  return { status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

function send(context: Context, { status, type, headers, body }: AutodiscoverAnswer): void {
  context.status = status;
  context.set({ ...headers, 'Content-Type': type });
  context.body = body;
}

function requestFields(context: Context): Record<string, unknown> {
  const { requestId } = context.state as HttpState;
  return { requestId, method: context.method, path: context.path, http: context.status };
}

function reasonOf(error: unknown): Record<string, unknown> {
  return isOxtenderError(error) ? { code: error.code, reason: error.message } : { error };
}
