// Runs in the page: no imports, and no text of the map ever becomes markup.
const map = JSON.parse(document.getElementById('map').textContent);
const view = document.getElementById('view');
const picture = view.querySelector('svg');
const details = document.getElementById('details');
const search = document.getElementById('search');
const onlyGaps = document.getElementById('gaps');
const found = document.getElementById('found');
const elements = (name) => {
  const all = [];
  for (const element of picture.querySelectorAll(`[data-${name}]`)) all[element.dataset[name]] = element;
  return all;
};
const boxes = elements('node');
const lines = elements('edge');
const labels = elements('label');
const outgoing = map.nodes.map(() => []);
const incoming = map.nodes.map(() => []);
map.edges.forEach((edge, index) => {
  outgoing[edge.from].push(index);
  incoming[edge.to].push(index);
});

const { width: drawnWidth, height: drawnHeight } = picture.viewBox.baseVal;
const drawnSize = { width: drawnWidth, height: drawnHeight };
const natural = { ...drawnSize };
let scale = 1;

/** @type {{ node?: number, edge?: number } | undefined} */
let chosen;

/** Everything on the ways to and from some nodes. */
function around(nodes, mayFollow) {
  const seen = { nodes: new Set(nodes), edges: new Set() };
  for (const [edges, end] of [
    [outgoing, 'to'],
    [incoming, 'from'],
  ]) {
    const queue = [...nodes];
    const met = new Set(nodes);
    for (const node of queue) {
      for (const edge of edges[node]) {
        if (!mayFollow(edge)) continue;
        seen.edges.add(edge);
        const next = map.edges[edge][end];
        seen.nodes.add(next);
        if (met.has(next)) continue;
        met.add(next);
        queue.push(next);
      }
    }
  }
  return seen;
}

function show() {
  const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const text = (node) => `${node.name} ${node.route ?? ''} ${node.place}`.toLowerCase();
  const all = [...map.nodes.keys()];
  const hits =
    words.length === 0 ? [] : all.filter((index) => words.every((word) => text(map.nodes[index]).includes(word)));
  const isGap = ({ gap }) => gap !== undefined;
  const inGaps = onlyGaps.checked ? new Set(map.edges.filter(isGap).flatMap(({ from, to }) => [from, to])) : undefined;
  const starts = (words.length > 0 ? hits : all).filter((index) => inGaps?.has(index) ?? true);
  const kept = around(starts, (edge) => !inGaps || isGap(map.edges[edge]));
  const isNarrowed = words.length > 0 || onlyGaps.checked;
  arrange(isNarrowed ? kept : undefined);

  const edge = map.edges[chosen?.edge];
  const near = edge
    ? { nodes: new Set([edge.from, edge.to]), edges: new Set([chosen.edge]) }
    : chosen && around([chosen.node], () => true);
  const mark = (elements, name) =>
    elements.forEach((element, index) => {
      const set = name === 'node' ? 'nodes' : 'edges';
      element.classList.toggle('hidden', isNarrowed && !kept[set].has(index));
      element.classList.toggle('out', near !== undefined && !near[set].has(index));
    });
  mark(boxes, 'node');
  mark(lines, 'edge');
  mark(labels, 'edge');
  boxes.forEach((box, index) => {
    box.classList.toggle('hit', hits.includes(index));
    box.classList.toggle('chosen', chosen?.node === index);
  });
  found.textContent = isNarrowed ? `${kept.nodes.size} of ${map.nodes.length} shown` : '';
  return hits;
}

const drawn = {
  boxes: boxes.map((box) => box.getAttribute('transform')),
  lines: lines.map((line) => line.lastElementChild.getAttribute('d')),
  labels: labels.map((label) => label.getAttribute('transform')),
};
const places = boxes.map((box) => {
  const { e, f } = box.transform.baseVal.consolidate().matrix;
  const { width, height } = box.querySelector('.box').getBBox();
  return { x: e, y: f, width, height };
});
const highest = Math.min(...places.map(({ y }) => y));

const titles = [...picture.querySelectorAll('.column')];
const titlePlaces = titles.map((title) => title.getAttribute('x'));
const pitch = { x: titles.length > 1 ? titlePlaces[1] - titlePlaces[0] : 0, y: 56 };

/** Moves what is left together, every column in the order that it has; without anything left out, all is as it was drawn. */
function arrange(kept) {
  const now = [...places];
  Object.assign(natural, drawnSize);
  titles.forEach((title, index) => title.setAttribute('x', titlePlaces[index]));
  if (kept) {
    const columns = new Map();
    for (const node of [...kept.nodes].sort((a, b) => places[a].x - places[b].x || places[a].y - places[b].y)) {
      columns.set(places[node].x, [...(columns.get(places[node].x) ?? []), node]);
    }
    const longest = Math.max(1, ...[...columns.values()].map(({ length }) => length));
    [...columns.values()].forEach((column, index) => {
      const start = highest + ((longest - column.length) * pitch.y) / 2;
      const x = Number(titlePlaces[0]) + index * pitch.x;
      column.forEach((node, row) => (now[node] = { ...places[node], x, y: start + row * pitch.y }));
    });
    natural.height = highest + longest * pitch.y + 24;
    natural.width = drawnSize.width - (titles.length - columns.size) * pitch.x;
    const shift = Math.max(0, columns.size - 1) * pitch.x;
    titles.at(-1).setAttribute('x', Number(titlePlaces[0]) + shift);
  }
  boxes.forEach((box, index) =>
    box.setAttribute('transform', kept ? `translate(${now[index].x} ${now[index].y})` : drawn.boxes[index]),
  );
  lines.forEach((line, index) => {
    const path = kept ? direct(now[map.edges[index].from], now[map.edges[index].to]) : drawn.lines[index];
    for (const part of line.querySelectorAll('path')) part.setAttribute('d', path);
  });
  labels.forEach((label, index) => {
    const path = lines[index].lastElementChild;
    const { x, y } = kept?.edges.has(index) ? path.getPointAtLength(path.getTotalLength() - 75) : {};
    const width = label.firstElementChild.getAttribute('width');
    label.setAttribute(
      'transform',
      kept && x !== undefined ? `translate(${x - width / 2} ${y - 8})` : drawn.labels[index],
    );
  });
  picture.setAttribute('viewBox', `0 0 ${natural.width} ${natural.height}`);
  picture.setAttribute('width', natural.width * scale);
  picture.setAttribute('height', natural.height * scale);
}

function direct(from, to) {
  const [x, y, ex, ey] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2];
  const reach = Math.min(150, Math.max(60, (ex - x) / 2));
  return `M${x} ${y}C${x + reach} ${y} ${ex - reach} ${ey} ${ex} ${ey}`;
}

function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function linkTo(index) {
  const link = make('button', 'link', map.nodes[index].route ?? map.nodes[index].name);
  link.type = 'button';
  link.addEventListener('click', () => choose({ node: index }, true));
  return link;
}

function list(title, items) {
  if (items.length === 0) return [];
  const all = make('ul');
  all.append(...items);
  return [make('h3', '', title), all];
}

function callsOf(index, other) {
  const edge = map.edges[index];
  const item = make('li');
  item.append(linkTo(edge[other]), make('p', 'dim', edge.figures.join(' · ')));
  if (edge.gap)
    item.append(
      make('p', 'gap', edge.gap === 'certain' ? '⚠ Nothing guards this way' : '⚠ Perhaps nothing guards this way'),
    );
  const calls = make('ul');
  for (const { text, place, facts } of edge.calls) {
    const call = make('li');
    call.append(make('p', '', text), make('p', 'dim', place), ...facts.map((fact) => make('p', 'dim', fact)));
    calls.append(call);
  }
  item.append(calls);
  return item;
}

function describe({ node, edge }) {
  if (edge !== undefined) {
    const { from } = map.edges[edge];
    return [
      make('h2', '', map.nodes[from].route ?? map.nodes[from].name),
      make('p', 'dim', map.nodes[from].place),
      ...list('Calls', [callsOf(edge, 'to')]),
    ];
  }
  const { name, route, place, figures = [], reaches = [], isEntry } = map.nodes[node];
  const reached = reaches.map((reach) => {
    const item = make('li');
    item.append(linkTo(reach.node), make('p', 'dim', `attempts ${reach.attempts}`));
    if (reach.isUnguarded) item.append(make('p', 'gap', '⚠ Nothing guards the way'));
    return item;
  });
  return [
    make('h2', '', route ?? name),
    ...(route === undefined ? [] : [make('p', '', name)]),
    make('p', 'dim', isEntry ? `${place} · entry point` : place),
    ...figures.map((figure) => make('p', '', figure)),
    ...list('Reaches', reached),
    ...list(
      'Calls',
      outgoing[node].map((index) => callsOf(index, 'to')),
    ),
    ...list(
      'Called by',
      incoming[node].map((index) => callsOf(index, 'from')),
    ),
  ];
}

function choose(choice, isFar) {
  chosen = choice;
  details.hidden = !choice;
  details.replaceChildren();
  if (choice) {
    const close = make('button', 'close', 'Close');
    close.type = 'button';
    close.addEventListener('click', () => choose(undefined));
    details.append(close, ...describe(choice));
    details.scrollTop = 0;
    if (isFar && choice.node !== undefined) bringIn(boxes[choice.node]);
  }
  show();
}

function bringIn(box) {
  box.scrollIntoView({ block: 'center', inline: 'center' });
}

picture.addEventListener('click', ({ target }) => {
  if (wasDragged) return;
  const { node, edge } = target.closest('[data-node], [data-edge]')?.dataset ?? {};
  choose(node !== undefined ? { node: Number(node) } : edge !== undefined ? { edge: Number(edge) } : undefined);
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') return choose(undefined);
  if (event.key === '/' && event.target !== search) {
    event.preventDefault();
    return search.focus();
  }
  const node = event.target.closest?.('[data-node]')?.dataset.node;
  if (node === undefined || (event.key !== 'Enter' && event.key !== ' ')) return undefined;
  event.preventDefault();
  return choose({ node: Number(node) });
});
search.addEventListener('input', () => {
  const [first] = show();
  zoom(readable());
  if (first !== undefined) bringIn(boxes[first]);
});
onlyGaps.addEventListener('change', show);

function zoom(to, at) {
  const before = scale;
  scale = Math.min(4, Math.max(0.05, to));
  const { left, top, width, height } = view.getBoundingClientRect();
  const [x, y] = at ? [at.clientX - left, at.clientY - top] : [width / 2, height / 2];
  const [across, down] = [(view.scrollLeft + x) / before, (view.scrollTop + y) / before];
  picture.setAttribute('width', natural.width * scale);
  picture.setAttribute('height', natural.height * scale);
  view.scrollLeft = across * scale - x;
  view.scrollTop = down * scale - y;
}
/** As wide as the window, as far as it can still be read. */
const readable = () => Math.min(1, Math.max(0.55, view.clientWidth / natural.width));
const fit = () => zoom(Math.min(view.clientWidth / natural.width, view.clientHeight / natural.height));
document.getElementById('larger').addEventListener('click', () => zoom(scale * 1.25));
document.getElementById('smaller').addEventListener('click', () => zoom(scale / 1.25));
document.getElementById('fit').addEventListener('click', fit);
view.addEventListener(
  'wheel',
  (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(scale * Math.exp(-event.deltaY / 300), event);
  },
  { passive: false },
);

let wasDragged = false;
view.addEventListener('pointerdown', (event) => {
  wasDragged = false;
  if (event.button !== 0 || event.pointerType === 'touch') return;
  const start = { x: event.clientX + view.scrollLeft, y: event.clientY + view.scrollTop };
  const move = (to) => {
    if (!wasDragged && Math.hypot(to.clientX - event.clientX, to.clientY - event.clientY) < 4) return;
    wasDragged = true;
    view.classList.add('dragged');
    view.scrollLeft = start.x - to.clientX;
    view.scrollTop = start.y - to.clientY;
  };
  const end = () => {
    view.classList.remove('dragged');
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', end);
  };
  addEventListener('pointermove', move);
  addEventListener('pointerup', end);
});

document.getElementById('controls').hidden = false;
zoom(readable());
view.scrollTo(0, 0);
