/** What stands for a secret. */
const mask = '***';

/** Shorter ones would take half of every text with them. */
const shortestSecret = 4;

/** Names of what is nobody's business: keys of configurations, fields of the log, parameters of URLs, headers. */
const revealing =
  'pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|api[-_]?key|private[-_]?key|authorization|cookie|session(?:[-_]?id)?|jsessionid';
const revealingName = new RegExp(`(?:^|[._\\s-])(?:${revealing})$|(?:Password|Secret|Token|Passphrase|Cookie)$`, 'i');

const name = `(?:[\\w.-]*[._-])?(?:${revealing})`;

/** Secrets by their form, wherever they stand. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, mask],
  // user:password@ of a URL
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]+@/gi, `$1${mask}@`],
  [/\b(Basic|Bearer|Digest|Negotiate|NTLM)\s+[\w+/=.~-]{4,}/gi, `$1 ${mask}`],
  // JSON Web Tokens
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, mask],
  [/\b(open-xchange-[\w-]+|JSESSIONID)=[^;\s"']+/gi, `$1=${mask}`],
  // name = value: in quotes, in quotes within a JSON text, bare
  [new RegExp(`(${name}["']?\\s*[=:]\\s*)"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `$1"${mask}"`],
  [new RegExp(`(${name}\\\\+"\\s*[=:]\\s*\\\\+")(?:(?!\\\\+").)*`, 'gi'), `$1${mask}`],
  [new RegExp(`(${name}["']?\\s*[=:]\\s*)(?!["\\\\*])[^\\s,;&"'\\\\}\\])]+`, 'gi'), `$1${mask}`],
];

/** Takes secrets out of what goes to a supporter: those that are known, and whatever looks like one. */
export class Redactor {
  readonly #known: RegExp | undefined;

  /** @param secrets - values in force; their usual encodings are taken out as well */
  constructor(secrets: Iterable<string>) {
    const variants = [...secrets].filter((secret) => secret.length >= shortestSecret).flatMap(variantsOf);
    const longestFirst = [...new Set(variants)].sort((a, b) => b.length - a.length);
    if (longestFirst.length > 0) this.#known = new RegExp(longestFirst.map(escape).join('|'), 'g');
  }

  text(text: string): string {
    let clean = this.#known ? text.replace(this.#known, mask) : text;
    for (const [form, replacement] of forms) clean = clean.replace(form, replacement);
    return clean;
  }

  /** Of plain data: values of revealing keys, and what stands in texts. */
  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((each) => this.value(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [this.text(key), isSecret(key, each) ? mask : this.value(each)]),
    );
  }
}

function isSecret(key: string, value: unknown): boolean {
  return typeof value === 'string' && value !== '' && revealingName.test(key);
}

/** As it stands in JSON, in a URL and in a header. */
function variantsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64, base64.replace(/=+$/, '')];
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
