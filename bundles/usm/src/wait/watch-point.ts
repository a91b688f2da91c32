/** A moment in the life of one watch: what it announced before is older. */
export interface WatchPoint {
  readonly watch: object;
  readonly sequence: number;
}
