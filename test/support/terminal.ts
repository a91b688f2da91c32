import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program on a terminal of its own, as somebody at the keyboard has it; `script` of util-linux makes it. */
export class Terminal {
  /** All that stood on the screen. */
  screen = '';
  readonly #ended: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    this.#ended = once(child, 'close');
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.screen += text));
  }

  /** @param columns - its width; 0 as on a serial console, where nobody knows it */
  static run(command: string, { columns = 80 } = {}): Terminal {
    const child = spawn('script', ['-qec', `stty cols ${columns}; exec ${command}`, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return new Terminal(child);
  }

  async shows(text: string): Promise<void> {
    while (!this.screen.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`it ended without ${text}: ${this.screen}`);
      await Promise.race([once(this.child.stdout!, 'data'), this.#ended]);
    }
  }

  type(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** Resolves to its exit status. */
  async ended(): Promise<number | null> {
    await this.#ended;
    return this.child.exitCode;
  }
}
