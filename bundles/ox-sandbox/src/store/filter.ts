/** Conditions of a WHERE clause, all of which must hold. Immutable. */
export class Filter {
  private constructor(
    private readonly conditions: readonly string[],
    readonly parameters: readonly unknown[],
  ) {}

  /** Lets everything through. */
  static readonly all = new Filter([], []);

  static of(condition: string, ...parameters: unknown[]): Filter {
    return Filter.all.and(condition, ...parameters);
  }

  and(condition: string, ...parameters: unknown[]): Filter {
    return new Filter([...this.conditions, condition], [...this.parameters, ...parameters]);
  }

  /** The conditions of both. */
  with(other: Filter): Filter {
    return new Filter([...this.conditions, ...other.conditions], [...this.parameters, ...other.parameters]);
  }

  get where(): string {
    return this.conditions.length === 0
      ? ''
      : `WHERE ${this.conditions.map((condition) => `(${condition})`).join(' AND ')}`;
  }
}
