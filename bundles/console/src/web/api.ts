import type { Session } from './model';

/** What the server refused, in its words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The server's side: one for the page, made when somebody is logged in. */
export class Api {
  constructor(
    private readonly csrfToken: string,
    private readonly onLoggedOut: () => void,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.#send<T>(path, {});
  }

  post<T>(path: string, body: object): Promise<T> {
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': this.csrfToken };
    return this.#send<T>(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #send<T>(path: string, options: RequestInit): Promise<T> {
    try {
      return await request<T>(path, options);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.onLoggedOut();
      throw error;
    }
  }
}

/** Who is logged in; undefined: nobody. */
export async function currentSession(): Promise<Session | undefined> {
  try {
    return await request<Session>('/session', {});
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return undefined;
    throw error;
  }
}

/** By the token of a link, which is good once. @throws ApiError */
export function logIn(token: string): Promise<Session> {
  const headers = { 'Content-Type': 'application/json' };
  return request<Session>('/login', { method: 'POST', headers, body: JSON.stringify({ token }) });
}

export async function hasOidc(): Promise<boolean> {
  return (await request<{ oidc: boolean }>('/login', {})).oidc;
}

async function request<T>(path: string, options: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, options);
  } catch {
    throw new ApiError(0, 'OFFLINE', 'The console does not answer. It may be restarting.');
  }
  const body = (await response.json().catch(() => undefined)) as T & { error?: { code: string; message: string } };
  if (response.ok) return body;
  const { code = 'INTERNAL', message = response.statusText } = body.error ?? {};
  throw new ApiError(response.status, code, message);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** One part of a path. */
export const part = (text: string): string => encodeURIComponent(text);
