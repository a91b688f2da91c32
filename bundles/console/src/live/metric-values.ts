/** A value as the command `metrics` tells it. */
export interface MetricRow {
  readonly name: string;
  /** `key=value`. */
  readonly labels: readonly string[];
  readonly value: number;
}

type Labels = ReadonlyMap<string, string>;
type Wanted = (labels: Labels) => boolean;

interface Value {
  readonly labels: Labels;
  readonly value: number;
}

const all: Wanted = () => true;

/** Everything that is counted in the process, at one moment. */
export class MetricValues {
  readonly #byName = new Map<string, Value[]>();

  constructor(
    readonly time: number,
    rows: readonly MetricRow[],
  ) {
    for (const { name, labels, value } of rows) {
      const values = this.#byName.get(name) ?? [];
      values.push({ labels: new Map(labels.map(split)), value });
      this.#byName.set(name, values);
    }
  }

  /** Over the label combinations that are wanted; undefined when nobody counts it. */
  sum(name: string, wanted: Wanted = all): number | undefined {
    const values = this.#byName.get(name);
    return values?.filter(({ labels }) => wanted(labels)).reduce((sum, { value }) => sum + value, 0);
  }

  /** Counts up to each upper bound of a histogram, ascending; `+Inf` is the last. */
  buckets(name: string, wanted: Wanted = all): [bound: number, count: number][] {
    const counts = new Map<number, number>();
    for (const { labels, value } of this.#byName.get(`${name}_bucket`) ?? []) {
      if (!wanted(labels)) continue;
      const text = labels.get('le') ?? '';
      const bound = text === '+Inf' ? Infinity : Number(text);
      counts.set(bound, (counts.get(bound) ?? 0) + value);
    }
    return [...counts].sort(([a], [b]) => a - b);
  }
}

function split(label: string): [string, string] {
  const at = label.indexOf('=');
  return [label.slice(0, at), label.slice(at + 1)];
}
