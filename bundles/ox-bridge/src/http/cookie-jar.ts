/** Cookies of one OX session; all of them go with every request to its node. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();
  #header: string | undefined;

  /** Takes the values of Set-Cookie headers. */
  accept(header: string | readonly string[] | undefined): void {
    if (header === undefined) return;
    for (const line of typeof header === 'string' ? [header] : header) this.#set(line);
    this.#header = undefined;
  }

  /** Value of the Cookie header; undefined when there is no cookie. */
  get header(): string | undefined {
    if (this.#cookies.size === 0) return undefined;
    this.#header ??= Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join('; ');
    return this.#header;
  }

  #set(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const equals = pair.indexOf('=');
    if (equals <= 0) return;
    const name = pair.slice(0, equals).trim();
    if (attributes.some(isExpired)) this.#cookies.delete(name);
    else this.#cookies.set(name, pair.slice(equals + 1).trim());
  }
}

function isExpired(attribute: string): boolean {
  const [name = '', value = ''] = attribute.trim().toLowerCase().split('=', 2);
  return name === 'max-age' && Number(value) <= 0;
}
