import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { MapEdge, ServiceMap } from '@holdfast/analysis';
import { count } from '../output/pretty.js';
import { escapeText, scriptJson } from './escape.js';
import { guardText, attemptsText, timeText } from './figures.js';
import { picture, pictureStyle } from './svg.js';

const read = (name: string): string => readFileSync(new URL(`../../src/map/${name}`, import.meta.url), 'utf8');
const style = `${pictureStyle}${read('page.css')}`;
const script = read('page.js');

/** A page that needs nothing else, and may load nothing else. Without JavaScript it is a still picture. */
export function html(map: ServiceMap, title: string): string {
  const functions = map.nodes.filter(({ kind }) => kind === 'function').length;
  const outbound = map.edges.flatMap(({ calls }) => calls).filter((call) => call.outbound);
  const gaps = (kind: string): number => outbound.filter(({ gap }) => gap === kind).length;
  const counts = [
    count(functions, 'function'),
    `${String(map.nodes.length - functions)} ${map.nodes.length - functions === 1 ? 'dependency' : 'dependencies'}`,
    `${count(gaps('certain'), 'unguarded call')}${gaps('likely') > 0 ? `, ${String(gaps('likely'))} perhaps` : ''}`,
  ].join(' · ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeText(title)}</h1>
<p>${counts}</p>
<ul class="key"><li class="key-gap">⚠ nothing guards it</li><li class="key-guarded">guarded</li><li class="key-plain">neither here</li></ul>
<div class="controls" id="controls" hidden>
<label>Search <input id="search" type="search" placeholder="function, file or dependency" autocomplete="off" spellcheck="false"></label>
<label><input id="gaps" type="checkbox"> Only gaps</label>
<output id="found" for="search gaps"></output>
<button id="smaller" type="button" aria-label="Zoom out">−</button>
<button id="larger" type="button" aria-label="Zoom in">+</button>
<button id="fit" type="button">Fit</button>
</div>
</header>
<main>
<div id="view" tabindex="-1">
${picture(map)}
</div>
<aside id="details" aria-live="polite" hidden></aside>
</main>
<script type="application/json" id="map">${scriptJson(shown(map))}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** What the script of the page puts into the details, with all figures in words. Edges name nodes by their positions. */
function shown({ nodes, edges }: ServiceMap): unknown {
  const positions = new Map(nodes.map(({ id }, index) => [id, index]));
  return {
    nodes: nodes.map((node) => ({
      name: node.name,
      ...(node.kind === 'function'
        ? {
            route: node.route,
            place: `${node.file}:${String(node.line)}`,
            isEntry: node.isEntry,
            figures: timesOf(node),
            reaches: node.reaches.map(({ dependency, amplification, isUnguarded }) => ({
              node: positions.get(dependency),
              attempts: attemptsText(amplification),
              isUnguarded,
            })),
          }
        : { place: `${node.dependencyKind} · ${node.modules.join(', ')}` }),
    })),
    edges: edges.map((edge) => ({
      from: positions.get(edge.from),
      to: positions.get(edge.to),
      gap: edge.gap,
      figures: [...timesOf(edge), attemptsText(edge.amplification)],
      calls: edge.calls.map(callText),
    })),
  };
}

function timesOf({ worstCase, worstCaseIfAsked }: Pick<MapEdge, 'worstCase' | 'worstCaseIfAsked'>): string[] {
  const asked = worstCaseIfAsked === undefined ? [] : [`${timeText(worstCaseIfAsked)} with Retry-After`];
  return [`Worst case: ${timeText(worstCase)}`, ...asked];
}

function callText(call: MapEdge['calls'][number]): object {
  const { text, file, line, guards, outbound } = call;
  const limit = outbound?.timeout;
  const facts = [
    ...guards.map((guard) => `${guardText(guard)} (${guard.file}:${String(guard.line)})`),
    ...(outbound ? [`${outbound.operation}, ${outbound.effect}`] : []),
    ...(limit
      ? [
          limit.duration === undefined
            ? `client timeout: ${limit.state}`
            : `client timeout: ${timeText(limit.duration)}`,
        ]
      : []),
    ...(outbound && outbound.attempts !== 1 ? [`client attempts: ${attemptsText(outbound.attempts)}`] : []),
    ...(call.isRepeated ? ['once for each item'] : []),
    ...(call.isUnawaited ? ['nobody waits for it'] : []),
  ];
  return { text, place: `${file}:${String(line)}`, facts };
}
