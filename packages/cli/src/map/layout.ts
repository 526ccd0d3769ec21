import type { MapEdge, MapNode, ServiceMap } from '@holdfast/analysis';
import { placeApart, reduceCrossings } from './order.js';

/** Where everything of a map goes. Pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly { readonly x: number; readonly title: string }[];
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

export interface Box {
  readonly node: MapNode;
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly edge: MapEdge;
  /** From the right side of one box to the left side of another, by what lies between. */
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const box = { width: 232, height: 40 } as const;
const margin = 24;
const header = 40;
const columnWidth = box.width + 150;
const gap = 12;
/** Between a line that only passes and what is beside it. */
const lineGap = 10;
/** How often places are brought nearer to those of their neighbours. */
const rounds = 8;

/** What has a place of its own in a column: a box, or a line that passes on its way further. */
interface Slot {
  readonly node?: MapNode;
  readonly column: number;
  readonly before: Slot[];
  readonly after: Slot[];
  y: number;
}

/** Entry points on the left, dependencies on the right, and every function one column after the last of those that call it. */
export function layout({ nodes, edges }: ServiceMap): Layout {
  const columnOf = columnsOf(nodes, edges);
  const slots = new Map(
    nodes.map((node): [string, Slot] => [
      node.id,
      { node, column: columnOf.get(node.id)!, before: [], after: [], y: 0 },
    ]),
  );
  const last = Math.max(0, ...columnOf.values());
  const columns: Slot[][] = Array.from({ length: last + 1 }, () => []);
  for (const slot of slots.values()) columns[slot.column]!.push(slot);
  const ways = edges.map((edge) => {
    const way = wayOf(slots.get(edge.from)!, slots.get(edge.to)!);
    for (const [index, slot] of way.entries()) {
      if (!slot.node) columns[slot.column]!.push(slot);
      const next = way[index + 1];
      if (!next) continue;
      slot.after.push(next);
      next.before.push(slot);
    }
    return { edge, way };
  });
  const ordered = reduceCrossings(
    columns,
    ({ before }) => before,
    ({ after }) => after,
  );
  place(ordered);

  const xOf = (column: number): number => margin + column * columnWidth;
  const all = ordered.flat();
  const lowest = Math.max(0, ...all.map(({ y }) => y));
  return {
    width: xOf(last) + box.width + margin,
    height: lowest + box.height / 2 + margin,
    columns: columns.map((_, index) => ({ x: xOf(index), title: titleOf(index, last) })),
    boxes: nodes.map((node) => {
      const { column, y } = slots.get(node.id)!;
      return { node, x: xOf(column), y: y - box.height / 2 };
    }),
    lines: ways.map(({ edge, way }) => ({ edge, points: pointsOf(way, xOf) })),
  };
}

/** Calls that lead back, of functions that call each other in a circle, move nobody. */
function columnsOf(nodes: readonly MapNode[], edges: readonly MapEdge[]): ReadonlyMap<string, number> {
  const callees = new Map(nodes.map(({ id }): [string, string[]] => [id, []]));
  const called = new Set<string>();
  for (const { from, to } of edges) {
    callees.get(from)!.push(to);
    if (from !== to) called.add(to);
  }
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const forward = new Map<string, string[]>();
  // From where the ways begin, then what is left: circles that nobody leads to.
  const roots = [...nodes.filter(({ id }) => !called.has(id)), ...nodes];
  for (const { id } of roots) {
    const way = [id];
    while (way.length > 0) {
      const step = way.at(-1)!;
      if (!state.has(step)) {
        state.set(step, 'open');
        const ahead = callees.get(step)!.filter((callee) => state.get(callee) !== 'open');
        forward.set(step, ahead);
        way.push(...ahead.filter((callee) => !state.has(callee)).reverse());
      } else {
        way.pop();
        if (state.get(step) === 'done') continue;
        state.set(step, 'done');
        order.unshift(step);
      }
    }
  }
  const columns = new Map(order.map((id) => [id, 0]));
  for (const id of order) {
    for (const callee of forward.get(id)!) columns.set(callee, Math.max(columns.get(callee)!, columns.get(id)! + 1));
  }
  const last = Math.max(0, ...columns.values());
  for (const { id, kind } of nodes) if (kind === 'dependency') columns.set(id, last);
  return columns;
}

function wayOf(from: Slot, to: Slot): readonly Slot[] {
  const passing: Slot[] = [];
  for (let column = from.column + 1; column < to.column; column += 1) {
    passing.push({ column, before: [], after: [], y: 0 });
  }
  return [from, ...passing, to];
}

function place(columns: readonly (readonly Slot[])[]): void {
  const gaps = columns.map((column) =>
    column.map((slot, index) => {
      const above = column[index - 1];
      if (!above) return 0;
      if (slot.node && above.node) return box.height + gap;
      return slot.node || above.node ? box.height / 2 + lineGap : lineGap;
    }),
  );
  for (const [index, column] of columns.entries()) {
    let y = 0;
    for (const [position, slot] of column.entries()) slot.y = y += gaps[index]![position]!;
  }
  for (let round = 0; round < rounds; round += 1) {
    const isForward = round % 2 === 0;
    for (const index of columns.map((_, index) => (isForward ? index : columns.length - 1 - index))) {
      const column = columns[index]!;
      const wishes = column.map((slot) => {
        const neighbours = [...slot.before, ...slot.after];
        return neighbours.length === 0 ? slot.y : neighbours.reduce((sum, { y }) => sum + y, 0) / neighbours.length;
      });
      for (const [position, y] of placeApart(wishes, gaps[index]!).entries()) column[position]!.y = y;
    }
  }
  const top = Math.min(...columns.flat().map(({ y }) => y));
  for (const slot of columns.flat()) slot.y += margin + header + box.height / 2 - top;
}

function pointsOf(way: readonly Slot[], xOf: (column: number) => number): readonly Point[] {
  const points = way.flatMap(({ column, node, y }, index): Point[] => {
    const x = xOf(column);
    if (index === 0) return [{ x: x + box.width, y }];
    return node
      ? [{ x, y }]
      : [
          { x, y },
          { x: x + box.width, y },
        ];
  });
  return points;
}

function titleOf(column: number, last: number): string {
  if (column === last) return 'Dependencies';
  return column === 0 ? 'Entry points' : column === 1 ? 'Functions' : '';
}
