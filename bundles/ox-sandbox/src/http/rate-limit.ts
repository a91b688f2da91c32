/** User-Agents that the limit leaves alone (com.openexchange.servlet.maxRateLenientClients). */
const lenient = /^(?:Open-Xchange \.NET HTTP Client|Open-Xchange USM HTTP Client|Jakarta Commons-HttpClient)/;

interface Window {
  readonly begin: number;
  count: number;
}

/** Counts the requests of each client in windows of a fixed length. */
export class RateLimit {
  readonly #windows = new Map<string, Window>();

  constructor(
    private readonly maxRate: number,
    private readonly windowLength: number,
    private readonly now: () => number,
  ) {}

  /** Counts one request; false when it is too much. */
  admit(ip: string, userAgent: string): boolean {
    if (this.maxRate <= 0 || lenient.test(userAgent)) return true;
    const key = `${ip} ${userAgent}`;
    let window = this.#windows.get(key);
    if (!window || this.now() - window.begin >= this.windowLength) {
      this.#forgetOld();
      this.#windows.set(key, (window = { begin: this.now(), count: 0 }));
    }
    return ++window.count <= this.maxRate;
  }

  #forgetOld(): void {
    for (const [key, { begin }] of this.#windows)
      if (this.now() - begin >= this.windowLength) this.#windows.delete(key);
  }
}
