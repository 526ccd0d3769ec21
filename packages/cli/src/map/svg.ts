import { readFileSync } from 'node:fs';
import type { FunctionNode, MapEdge, MapNode, ServiceMap } from '@holdfast/analysis';
import { escapeText } from './escape.js';
import { attemptsText, guardText, timeText } from './figures.js';
import { box, layout, type Box, type Layout, type Line, type Point } from './layout.js';

/** The colours and fonts of the picture, for itself and for the page around it. */
export const pictureStyle: string = readFileSync(new URL('../../src/map/picture.css', import.meta.url), 'utf8');

/** The map as a picture that needs nothing else. */
export function svg(map: ServiceMap): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${picture(map, `<style>${pictureStyle}</style>`)}\n`;
}

/** The picture alone. What it shows is numbered as in the map: `data-node`, `data-edge`. */
export function picture(map: ServiceMap, style = ''): string {
  const drawn = layout(map);
  const { width, height } = drawn;
  const size = `width="${String(Math.ceil(width))}" height="${String(Math.ceil(height))}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${String(Math.ceil(width))} ${String(Math.ceil(height))}" role="group" aria-label="Service map">`,
    style,
    '<rect class="paper" width="100%" height="100%"/>',
    ...drawn.columns.map(({ x, title }) => textAt('column', x, 28, title)),
    ...(map.nodes.length === 0 ? [textAt('column', 24, 60, 'No outbound call was found.')] : []),
    ...drawn.lines.map((line, index) => lineOf(line, index)),
    ...labelsOf(drawn),
    // The order of the keyboard: column by column, from the top.
    ...drawn.boxes
      .map((placed, index) => ({ placed, index }))
      .sort((a, b) => a.placed.x - b.placed.x || a.placed.y - b.placed.y)
      .map(({ placed, index }) => boxOf(placed, index)),
    '</svg>',
  ].join('\n');
}

function boxOf({ node, x, y }: Box, index: number): string {
  const isGap = node.kind === 'function' && node.reaches.some(({ isUnguarded }) => isUnguarded);
  const kind = node.kind === 'function' && node.isEntry ? 'entry' : node.kind;
  const at = `data-node="${String(index)}" transform="translate(${coordinate(x)} ${coordinate(y)})"`;
  return [
    `<g class="node ${kind}${isGap ? ' gap' : ''}" ${at} tabindex="0" role="button" aria-label="${escapeText(describe(node))}">`,
    `<title>${escapeText(describe(node))}</title>`,
    `<rect class="box" width="${String(box.width)}" height="${String(box.height)}" rx="${node.kind === 'dependency' ? '20' : '6'}"/>`,
    ...(node.kind === 'function' ? functionText(node, isGap) : dependencyText(node)),
    '</g>',
  ].join('');
}

function functionText(node: FunctionNode, isGap: boolean): readonly string[] {
  const name = `${node.isEntry ? '▸ ' : ''}${node.route ?? node.name}`;
  const worst = `${isGap ? '⚠ ' : ''}${timeText(node.worstCase)}`;
  const file = `${node.file}:${String(node.line)}`;
  return [
    textAt('name', 12, 17, shortened(name, 27)),
    textAt('place', 12, 32, shortenedStart(file, 34 - worst.length)),
    textAt('figure', box.width - 10, 32, worst, 'end'),
  ];
}

function dependencyText({
  name,
  dependencyKind,
  modules,
}: Extract<MapNode, { kind: 'dependency' }>): readonly string[] {
  const through = modules.filter((module) => module !== name).join(', ');
  return [
    textAt('name', 18, 17, shortened(name, 26)),
    textAt('place', 18, 32, shortened([dependencyKind, through].filter(Boolean).join(' · '), 36)),
  ];
}

/** All that a box has no room for. */
function describe(node: MapNode): string {
  if (node.kind === 'dependency') return `${node.name} (${node.dependencyKind}, ${node.modules.join(', ')})`;
  const open = node.reaches.filter(({ isUnguarded }) => isUnguarded).length;
  const gaps =
    open === 0 ? '' : `, nothing guards the way to ${String(open)} of ${String(node.reaches.length)} dependencies`;
  const route = node.route === undefined ? '' : `${node.route}: `;
  return `${route}${node.name}, ${node.file}:${String(node.line)}, worst case: ${timeText(node.worstCase)}${gaps}`;
}

function lineOf({ edge, points }: Line, index: number): string {
  const path = pathOf(points);
  return `<g class="edge ${kindOf(edge)}" data-edge="${String(index)}"><title>${escapeText(describeEdge(edge))}</title><path class="hit" d="${path}"/><path class="line" d="${path}"/></g>`;
}

function kindOf({ gap, calls }: MapEdge): string {
  if (gap) return gap === 'certain' ? 'gap' : 'gap likely';
  return calls.some(({ guards }) => guards.length > 0) ? 'guarded' : 'plain';
}

function describeEdge({ gap, worstCase, amplification, calls }: MapEdge): string {
  const guards = new Set(calls.flatMap(({ guards }) => guards.map(guardText)));
  return [
    ...(gap ? [gap === 'certain' ? 'Nothing guards it' : 'Perhaps nothing guards it'] : guards),
    `worst case: ${timeText(worstCase)}`,
    attemptsText(amplification),
  ].join('\n');
}

/** Curves between columns, straight where it passes through one. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  let from = first!;
  const parts = [`M${coordinate(from.x)} ${coordinate(from.y)}`];
  for (const [index, to] of rest.entries()) {
    if (index % 2 === 1) parts.push(`H${coordinate(to.x)}`);
    else {
      const reach = Math.max(60, Math.abs(to.x - from.x) / 2);
      const [leaving, arriving] = [coordinate(from.x + reach), coordinate(to.x - reach)];
      parts.push(
        `C${leaving} ${coordinate(from.y)} ${arriving} ${coordinate(to.y)} ${coordinate(to.x)} ${coordinate(to.y)}`,
      );
    }
    from = to;
  }
  return parts.join('');
}

const label = { height: 16, character: 6 } as const;
/** Where along its last curve a label may be, the best first. */
const spots = [0.5, 0.4, 0.6, 0.3, 0.7];

/** What to know of a line, where there is room for it: the rest is told when it is pointed at. */
function labelsOf({ lines }: Layout): readonly string[] {
  const taken: { readonly x: number; readonly y: number; readonly width: number }[] = [];
  return lines.flatMap(({ edge, points }, index) => {
    const text = labelText(edge);
    const [from, to] = points.slice(-2) as [Point, Point];
    if (text === undefined || to.x <= from.x) return [];
    const width = text.length * label.character + 12;
    for (const spot of spots) {
      const x = from.x + (to.x - from.x) * spot - width / 2;
      const y = from.y + (to.y - from.y) * ease(spot) - label.height / 2;
      const isFree = taken.every(
        (other) => x + width < other.x || other.x + other.width < x || Math.abs(y - other.y) > label.height,
      );
      if (!isFree) continue;
      taken.push({ x, y, width });
      return [
        `<g class="label ${kindOf(edge)}${edge.worstCase === 'unbounded' ? ' slow' : ''}" data-label="${String(index)}" transform="translate(${coordinate(x)} ${coordinate(y)})"><rect width="${String(width)}" height="${String(label.height)}" rx="8"/>${textAt('figure', width / 2, 12, text, 'middle')}</g>`,
      ];
    }
    return [];
  });
}

/** How far down a curve is, where it is this far to the right: both go by the same cubic. */
function ease(spot: number): number {
  return 3 * spot ** 2 - 2 * spot ** 3;
}

function labelText(edge: MapEdge): string | undefined {
  const { gap, worstCase, amplification, calls } = edge;
  if (gap)
    return calls.some(({ outbound }) => outbound) ? (gap === 'certain' ? '⚠ unguarded' : '⚠ unguarded?') : undefined;
  const isNews = calls.some(({ guards, outbound }) => guards.length > 0 || outbound);
  if (!isNews) return undefined;
  return [timeText(worstCase), ...(amplification === 1 ? [] : [attemptsText(amplification)])].join(' ');
}

function textAt(kind: string, x: number, y: number, text: string, anchor?: 'end' | 'middle'): string {
  const end = anchor ? ` text-anchor="${anchor}"` : '';
  return `<text class="${kind}" x="${coordinate(x)}" y="${coordinate(y)}"${end}>${escapeText(text)}</text>`;
}

function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text;
}

/** The end of a path says more than its beginning. */
function shortenedStart(text: string, length: number): string {
  const characters = [...text];
  return characters.length > length ? `…${characters.slice(1 - length).join('')}` : text;
}

function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}
