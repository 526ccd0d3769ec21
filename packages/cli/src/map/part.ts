import type { ServiceMap } from '@holdfast/analysis';

/** The functions of some files, with all that leads to them and all that they lead to. Figures stay those of the whole. */
export function partOf({ nodes, edges }: ServiceMap, files: ReadonlySet<string>): ServiceMap {
  const chosen = nodes.filter((node) => node.kind === 'function' && files.has(node.file)).map(({ id }) => id);
  const kept = new Set(chosen);
  const keptEdges = new Set<ServiceMap['edges'][number]>();
  for (const [start, end] of [
    ['from', 'to'],
    ['to', 'from'],
  ] as const) {
    const met = new Set(chosen);
    for (const id of met) {
      for (const edge of edges) {
        if (edge[start] !== id) continue;
        keptEdges.add(edge);
        met.add(edge[end]);
        kept.add(edge[end]);
      }
    }
  }
  return { nodes: nodes.filter(({ id }) => kept.has(id)), edges: edges.filter((edge) => keptEdges.has(edge)) };
}
