/** Something in a file that this server has no place for, or a whole item that could not be taken. */
export interface Loss {
  readonly file: string;
  /** Name or number of the item in the file. */
  readonly item: string;
  /** What is missing afterwards: `RRULE`, `X-ABLABEL`, `item`. */
  readonly field: string;
  readonly reason: string;
}

/** What became of the files. */
export interface ImportReport {
  readonly contacts: number;
  readonly appointments: number;
  readonly tasks: number;
  readonly mails: number;
  readonly losses: readonly Loss[];
}

/** Collects losses of one item. */
export type Lose = (field: string, reason: string) => void;
