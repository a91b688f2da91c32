/** Layouts beyond this number are not remembered: somebody makes up keys. */
const remembered = 10_000;

/**
 * The keys of a set of properties, in their order. Sets with the same keys share one, as objects of one shape do: a
 * service then costs its values alone, and a filter finds a value by a map that is warm.
 */
export class PropertyLayout {
  static readonly empty = new this([], new Map(), true);
  static #count = 0;

  readonly keys: readonly string[];
  /** Place of a value by its key in lower case. */
  readonly places: ReadonlyMap<string, number>;
  /** Layouts with one more key, by that key. */
  readonly #next = new Map<string, PropertyLayout>();

  private constructor(
    keys: readonly string[],
    places: ReadonlyMap<string, number>,
    /** It is remembered: the same keys have it again. */
    readonly shared: boolean,
  ) {
    this.keys = keys;
    this.places = places;
  }

  /** The layout with one more key; undefined when the key is there already, perhaps in another case. */
  with(key: string): PropertyLayout | undefined {
    return this.#next.get(key) ?? this.#extend(key);
  }

  #extend(key: string): PropertyLayout | undefined {
    const lower = key.toLowerCase();
    if (this.places.has(lower)) return undefined;
    const places = new Map([...this.places, [lower, this.keys.length]]);
    const next = new PropertyLayout([...this.keys, key], places, PropertyLayout.#count++ < remembered);
    if (next.shared) this.#next.set(key, next);
    return next;
  }
}
