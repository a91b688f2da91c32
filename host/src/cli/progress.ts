import ora, { type Ora } from 'ora';

/** A spinner on a terminal, nothing elsewhere. It appears only when there is something to say. */
export class Progress {
  #spinner: Ora | undefined;

  constructor(private readonly visible: boolean) {}

  show(text: string): void {
    if (!this.visible) return;
    if (this.#spinner) this.#spinner.text = text;
    else this.#spinner = ora({ text, discardStdin: false }).start();
  }

  end(): void {
    this.#spinner?.stop();
    this.#spinner = undefined;
  }
}
