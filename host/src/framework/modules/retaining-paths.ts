/** V8's heap snapshot: nodes and edges as flat arrays of numbers, names as indices into `strings`. */
export interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

/** V8's root of what a weak reference was asked for in this turn: held because we look. */
const lookedAt = 'weak_refs_keep_during_job';

/** Longest path that is told; what is left out is in the middle. */
const longest = 14;

/**
 * For each object that a marker of the class points at, the shortest way from the root: breadth first, over all edges
 * but weak ones, and not through the markers.
 */
export function retainingPaths(snapshot: HeapSnapshot, markerClass: string): Map<string, string[]> {
  const graph = new HeapGraph(snapshot);
  const markers = graph.nodesNamed(markerClass);
  const targets = new Map<number, string>();
  for (const marker of markers) {
    const target = graph.property(marker, 'target');
    const label = graph.property(marker, 'label');
    if (target !== undefined && label !== undefined) targets.set(target, graph.nameOf(label));
  }
  const cameBy = search(graph, { excluded: new Set(markers), targets: new Set(targets.keys()) });
  return new Map([...targets].map(([node, label]) => [label, shortened(wayTo(graph, cameBy, node))]));
}

/** By node, the edge over which it was reached first; -1 where it was not. */
function search(graph: HeapGraph, { excluded, targets }: { excluded: Set<number>; targets: Set<number> }): Int32Array {
  const cameBy = new Int32Array(graph.nodeCount).fill(-1);
  const missing = new Set(targets);
  const queue = [0];
  for (let at = 0; at < queue.length && missing.size > 0; at++) {
    const node = queue[at] ?? 0;
    for (const edge of graph.strongEdges(node)) {
      const to = graph.endOf(edge);
      if (to === 0 || cameBy[to] !== -1 || excluded.has(to)) continue;
      cameBy[to] = edge;
      missing.delete(to);
      queue.push(to);
    }
  }
  return cameBy;
}

function wayTo(graph: HeapGraph, cameBy: Int32Array, target: number): string[] {
  const way: string[] = [];
  for (let node = target; node !== 0;) {
    const edge = cameBy[node] ?? -1;
    if (edge < 0) return [];
    way.unshift(graph.describe(edge));
    node = graph.startOf(edge);
  }
  return way;
}

function shortened(way: readonly string[]): string[] {
  if (way.length <= longest) return [...way];
  return [...way.slice(0, longest / 2), `… ${way.length - longest} more …`, ...way.slice(-longest / 2)];
}

/** The snapshot with names for its numbers; nodes and edges by their places in order. */
class HeapGraph {
  readonly nodeCount: number;
  readonly #snapshot: HeapSnapshot;
  readonly #node: { size: number; name: number; edgeCount: number };
  readonly #edge: { size: number; type: number; name: number; to: number };
  readonly #edgeTypes: readonly string[];
  /** First edge of each node, and the end of the last one's. */
  readonly #firstEdge: Int32Array;

  constructor(snapshot: HeapSnapshot) {
    const { node_fields: nodeFields, edge_fields: edgeFields, edge_types: edgeTypes } = snapshot.snapshot.meta;
    this.#snapshot = snapshot;
    this.#node = {
      size: nodeFields.length,
      name: nodeFields.indexOf('name'),
      edgeCount: nodeFields.indexOf('edge_count'),
    };
    this.#edge = {
      size: edgeFields.length,
      type: edgeFields.indexOf('type'),
      name: edgeFields.indexOf('name_or_index'),
      to: edgeFields.indexOf('to_node'),
    };
    this.#edgeTypes = edgeTypes[0];
    this.nodeCount = snapshot.nodes.length / this.#node.size;
    this.#firstEdge = new Int32Array(this.nodeCount + 1);
    for (let node = 0, edge = 0; node < this.nodeCount; node++) {
      edge += snapshot.nodes[node * this.#node.size + this.#node.edgeCount] ?? 0;
      this.#firstEdge[node + 1] = edge;
    }
  }

  nameOf(node: number): string {
    return this.#text(this.#snapshot.nodes[node * this.#node.size + this.#node.name]);
  }

  nodesNamed(name: string): number[] {
    const index = this.#snapshot.strings.indexOf(name);
    const found: number[] = [];
    for (let node = 0; node < this.nodeCount; node++) {
      if (this.#snapshot.nodes[node * this.#node.size + this.#node.name] === index) found.push(node);
    }
    return found;
  }

  property(node: number, name: string): number | undefined {
    const edge = this.#edges(node).find((each) => this.#typeOf(each) === 'property' && this.#labelOf(each) === name);
    return edge === undefined ? undefined : this.endOf(edge);
  }

  strongEdges(node: number): number[] {
    return this.#edges(node).filter((edge) => this.#typeOf(edge) !== 'weak' && this.#labelOf(edge) !== lookedAt);
  }

  endOf(edge: number): number {
    return this.#field(edge, this.#edge.to) / this.#node.size;
  }

  /** The node that the edge leaves: found by halving, as edges are in the order of their nodes. */
  startOf(edge: number): number {
    let low = 0;
    let high = this.nodeCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#firstEdge[middle + 1] ?? 0) <= edge) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  describe(edge: number): string {
    const name = this.nameOf(this.endOf(edge));
    return `${this.#labelOf(edge)}: ${name.length > 80 ? `${name.slice(0, 80)}…` : name || '(anonymous)'}`;
  }

  #edges(node: number): number[] {
    const first = this.#firstEdge[node] ?? 0;
    return Array.from({ length: (this.#firstEdge[node + 1] ?? first) - first }, (_, index) => first + index);
  }

  #typeOf(edge: number): string {
    return this.#edgeTypes[this.#field(edge, this.#edge.type)] ?? '';
  }

  #labelOf(edge: number): string {
    const name = this.#field(edge, this.#edge.name);
    const type = this.#typeOf(edge);
    return type === 'element' || type === 'hidden' ? `[${name}]` : this.#text(name);
  }

  #field(edge: number, field: number): number {
    return this.#snapshot.edges[edge * this.#edge.size + field] ?? 0;
  }

  #text(index: number | undefined): string {
    return this.#snapshot.strings[index ?? -1] ?? '';
  }
}
