/**
 * The strongly connected components of a graph, those that others lead to first: functions that call each other in a circle are one.
 *
 * @see Tarjan, "Depth-first search and linear graph algorithms"
 */
export function components(nodes: readonly string[], next: (node: string) => readonly string[]): readonly string[][] {
  const index = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const found: string[][] = [];
  for (const root of nodes) {
    // A stack of our own: a way may be longer than that of the engine.
    const way = index.has(root) ? [] : [enter(root)];
    for (let step = way.at(-1); step; step = way.at(-1)) {
      const target = step.targets.next().value;
      if (target !== undefined) {
        if (!index.has(target)) way.push(enter(target));
        else if (isOpen.has(target)) lower(step.node, index.get(target)!);
        continue;
      }
      way.pop();
      const before = way.at(-1);
      if (before) lower(before.node, lowest.get(step.node)!);
      if (lowest.get(step.node) !== index.get(step.node)) continue;
      const component = open.splice(open.indexOf(step.node));
      for (const node of component) isOpen.delete(node);
      found.push(component);
    }
  }
  return found;

  function enter(node: string): { readonly node: string; readonly targets: Iterator<string, undefined> } {
    index.set(node, index.size);
    lowest.set(node, index.get(node)!);
    open.push(node);
    isOpen.add(node);
    return { node, targets: next(node).values() as Iterator<string, undefined> };
  }

  function lower(node: string, value: number): void {
    lowest.set(node, Math.min(lowest.get(node)!, value));
  }
}
