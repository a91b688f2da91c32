/** A user at the OX HTTP API: what the web front end would do beside the phone. */
export class OxClient {
  private constructor(
    private readonly base: string,
    private readonly session: string,
    private readonly cookies: string,
  ) {}

  static async login(hostUrl: string, name: string, password = 'secret'): Promise<OxClient> {
    const base = `${hostUrl}/ajax`;
    const answer = await fetch(`${base}/login?action=login&authId=${crypto.randomUUID()}`, {
      method: 'POST',
      headers: { 'User-Agent': userAgent },
      body: new URLSearchParams({ name, password, client: 'test', version: '1' }),
    });
    const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    const { session, error } = (await answer.json()) as { session: string; error?: string };
    if (error !== undefined) throw new Error(`login: ${error}`);
    return new OxClient(base, session, cookies.join('; '));
  }

  /** One call; `body` makes it a PUT. Returns the envelope. Throws what the envelope says is wrong. */
  async call(
    module: string,
    action: string,
    parameters: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<Envelope> {
    const query = new URLSearchParams({ action, session: this.session, timezone: 'UTC', ...parameters }).toString();
    const answer = await fetch(`${this.base}/${module}?${query}`, {
      method: body === undefined ? 'GET' : 'PUT',
      headers: { 'User-Agent': userAgent, Cookie: this.cookies, 'Content-Type': 'text/javascript; charset=UTF-8' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const envelope = (await answer.json()) as Envelope;
    if (envelope.error !== undefined) throw new Error(`${module} ${action}: ${envelope.code ?? ''} ${envelope.error}`);
    return envelope;
  }

  /** One call with a file as a form. Returns the envelope. */
  async upload(
    module: string,
    action: string,
    parameters: Readonly<Record<string, string>>,
    file: string | Uint8Array,
  ): Promise<Envelope> {
    const query = new URLSearchParams({ action, session: this.session, plainJson: 'true', ...parameters }).toString();
    const form = new FormData();
    form.append(
      'file_0',
      new Blob([typeof file === 'string' ? file : new Uint8Array(file)], { type: 'message/rfc822' }),
      'message.eml',
    );
    const answer = await fetch(`${this.base}/${module}?${query}`, {
      method: 'POST',
      headers: { 'User-Agent': userAgent, Cookie: this.cookies },
      body: form,
    });
    const envelope = (await answer.json()) as Envelope;
    if (envelope.error !== undefined) throw new Error(`${module} ${action}: ${envelope.code ?? ''} ${envelope.error}`);
    return envelope;
  }

  /** The bytes that an action answers. */
  async download(module: string, action: string, parameters: Readonly<Record<string, string>>): Promise<Buffer> {
    const query = new URLSearchParams({ action, session: this.session, ...parameters }).toString();
    const headers = { 'User-Agent': userAgent, Cookie: this.cookies };
    const answer = await fetch(`${this.base}/${module}?${query}`, { headers });
    if (!answer.ok) throw new Error(`${module} ${action}: HTTP ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** The user's default folder of a module. */
  async folder(module: 'contacts' | 'calendar' | 'tasks'): Promise<string> {
    return String((await this.call(`config/folder/${module}`, '', {})).data);
  }
}

export interface Envelope {
  readonly data: unknown;
  readonly timestamp?: number;
  readonly error?: string;
  readonly code?: string;
}

const userAgent = 'Mozilla/5.0 (test)';
