import type { FunctionNode, ServiceMap } from '@holdfast/analysis';
import { describe, expect, it } from 'vitest';
import { html } from './html.js';
import { layout } from './layout.js';
import { partOf } from './part.js';
import { svg } from './svg.js';

const node = (name: string, file = 'src/a.ts'): FunctionNode => ({
  id: name,
  kind: 'function',
  name,
  isEntry: true,
  file,
  line: 1,
  column: 1,
  reaches: [],
});
const edge = (from: string, to: string): ServiceMap['edges'][number] => ({ from, to, calls: [] });

describe('the picture of a map', () => {
  it('holds names as text, whatever they say', () => {
    const name = `</style><script>alert("1")</script>&'\u0000`;
    const map = { nodes: [node(name)], edges: [] };
    for (const text of [svg(map), html(map, name)]) {
      expect(text).not.toContain('<script>alert');
      expect(text).not.toContain('\u0000');
      expect(text).toContain('&lt;/style&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;');
    }
  });

  it('says of a service that calls nobody that it does', () => {
    expect(svg({ nodes: [], edges: [] })).toContain('No outbound call was found.');
  });

  it('is the same every time', () => {
    const map = { nodes: ['a', 'b', 'c'].map((name) => node(name)), edges: [edge('a', 'b'), edge('b', 'c')] };
    expect(svg(map)).toBe(svg(map));
  });
});

describe('the layout of a map', () => {
  it('has every function right of those that call it, and those in circles somewhere', () => {
    const nodes = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => node(name));
    const edges = [
      edge('a', 'b'),
      edge('b', 'c'),
      edge('c', 'b'),
      edge('a', 'd'),
      edge('c', 'd'),
      edge('e', 'f'),
      edge('f', 'e'),
    ];
    const { boxes, lines } = layout({ nodes, edges: [...edges, edge('d', 'd')] });
    const x = Object.fromEntries(boxes.map(({ node, x }) => [node.id, x]));
    expect(boxes).toHaveLength(6);
    expect(lines).toHaveLength(8);
    expect(x['a']).toBeLessThan(x['b']!);
    expect(x['b']).toBeLessThan(x['c']!);
    expect(x['c']).toBeLessThan(x['d']!);
  });

  it('lasts for a chain of thousands', () => {
    const nodes = Array.from({ length: 2_000 }, (_, index) => node(`f${String(index)}`));
    const edges = nodes.slice(1).map(({ id }, index) => edge(nodes[index]!.id, id));
    expect(layout({ nodes, edges }).boxes).toHaveLength(2_000);
  });
});

describe('a part of a map', () => {
  it('has the functions of some files, and what is on ways through them', () => {
    const nodes = [node('a'), node('b', 'src/b.ts'), node('c'), node('beside'), node('other')];
    const map = { nodes, edges: [edge('a', 'b'), edge('b', 'c'), edge('a', 'beside'), edge('other', 'c')] };
    const part = partOf(map, new Set(['src/b.ts']));
    expect(part.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(part.edges).toEqual(map.edges.slice(0, 2));
  });
});
