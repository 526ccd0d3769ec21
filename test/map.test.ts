import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createAnalyzer, serviceMap, type ServiceMap } from '@holdfast/analysis';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { html } from '../packages/cli/src/map/html.js';
import { browserPath, openBrowser, type Page } from './browser.js';
import { largeService } from './large-service.js';

function mapOf(files: ReadonlyMap<string, string>): ServiceMap {
  const texts = new Map([...files].map(([name, text]) => [`/app/${name}`, text]));
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    fileExists: (name) => texts.has(name),
    readFile: (name) => texts.get(name),
    directoryExists: () => true,
    getSourceFile: (name, target) => {
      const text = texts.get(name);
      return text === undefined ? undefined : ts.createSourceFile(name, text, target, true);
    },
  };
  const program = ts.createProgram([...texts.keys()], { noLib: true, types: [], module: ts.ModuleKind.NodeNext }, host);
  const graph = createAnalyzer({ ts, program }).callGraph([...texts.keys()], (file) => file.slice('/app/'.length));
  return serviceMap([graph]);
}

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function overlapping(rectangles: readonly Rectangle[]): readonly Rectangle[] {
  return rectangles.filter((a, index) =>
    rectangles
      .slice(index + 1)
      .some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom),
  );
}

const rectangles = (selector: string): string =>
  `[...document.querySelectorAll('${selector}')].filter((e) => !e.closest('.hidden')).map((e) => { const { left, top, right, bottom } = e.getBoundingClientRect(); return { left, top, right, bottom }; })`;
const type = (words: string): string =>
  `{ const search = document.querySelector('#search'); search.value = ${JSON.stringify(words)}; search.dispatchEvent(new Event('input')); }`;
const shownNames = `[...document.querySelectorAll('.node:not(.hidden)')].map((e) => e.getAttribute('aria-label'))`;
const details = `document.querySelector('#details').hidden ? '' : document.querySelector('#details').innerText`;

const found = browserPath === undefined ? ' (left out: no browser found, name one in CHROME_PATH)' : '';

describe.skipIf(browserPath === undefined)(`the page of a map, in a browser${found}`, () => {
  let page: Page;
  let folder: string;
  const large = mapOf(largeService());

  const show = async (map: ServiceMap): Promise<string> => {
    const file = join(folder, 'map.html');
    writeFileSync(file, html(map, 'Service map of <large>'));
    const url = pathToFileURL(file).href;
    await page.open(url);
    return url;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-map-'));
    page = await openBrowser(browserPath!);
  });
  afterAll(async () => {
    await page?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs its own script and style alone, and asks for nothing', async () => {
    const url = await show(large);
    expect(page.complaints).toEqual([]);
    expect(page.requests).toEqual([url]);
    // The policy is in force: what else would run or load does not.
    const fill = await page.evaluate<string>(`getComputedStyle(document.querySelector('.box')).fill`);
    expect(fill).toMatch(/^rgb/);
    await page.evaluate(
      `{ const image = new Image(); image.src = 'https://elsewhere.invalid/x.png'; document.body.append(image); }`,
    );
    expect(page.complaints.join()).toMatch(/Content Security Policy/);
  });

  it('shows 300 nodes, none over another, with text that stays inside', async () => {
    await show(large);
    expect(large.nodes.length).toBeGreaterThanOrEqual(300);
    const boxes = await page.evaluate<Rectangle[]>(rectangles('.node .box'));
    expect(boxes).toHaveLength(large.nodes.length);
    expect(overlapping(boxes)).toEqual([]);
    expect(overlapping(await page.evaluate<Rectangle[]>(rectangles('.label rect')))).toEqual([]);
    const outside = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.node text')].filter((text) => { const [a, b] = [text.getBoundingClientRect(), text.parentElement.querySelector('.box').getBoundingClientRect()]; return a.left < b.left || a.right > b.right + 1; }).map((text) => text.textContent)`,
    );
    expect(outside).toEqual([]);
  });

  it('narrows to what a search finds and the ways through it, without gaps between', async () => {
    await show(large);
    await page.evaluate(type('payments-client create'));
    const names = await page.evaluate<string[]>(shownNames);
    expect(names.length).toBeGreaterThan(3);
    expect(names.length).toBeLessThan(12);
    expect(names.join('\n')).toMatch(
      /DELETE \/payments\/create[^]*PaymentsClient\.create[^]*payments-archive\.internal/,
    );
    expect(overlapping(await page.evaluate<Rectangle[]>(rectangles('.node .box')))).toEqual([]);
    expect(await page.evaluate(`document.querySelector('#found').textContent`)).toBe(
      `${String(names.length)} of ${String(large.nodes.length)} shown`,
    );
    await page.evaluate(type(''));
    expect(await page.evaluate(shownNames)).toHaveLength(large.nodes.length);
  });

  it('shows gaps by a symbol and dashes, and alone when asked', async () => {
    await show(large);
    const gaps = large.edges.filter(({ gap }) => gap);
    const dashes = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.edge.gap .line')].map((line) => getComputedStyle(line).strokeDasharray)`,
    );
    expect(dashes).toHaveLength(gaps.length);
    expect(dashes).not.toContain('none');
    expect(await page.evaluate(`document.querySelector('.label.gap').textContent`)).toContain('⚠');
    await page.evaluate(`document.querySelector('#gaps').click()`);
    expect(await page.evaluate(`document.querySelectorAll('.edge:not(.hidden)').length`)).toBe(gaps.length);
    expect(await page.evaluate(`document.querySelectorAll('.edge.guarded:not(.hidden)').length`)).toBe(0);
  });

  it('tells all about a node that is clicked or chosen by key, and marks what it leads to', async () => {
    await show(large);
    await page.evaluate(
      `document.querySelector('[aria-label^="OrdersClient.create"]').dispatchEvent(new MouseEvent('click', { bubbles: true }))`,
    );
    expect(await page.evaluate<string>(details)).toMatch(
      /OrdersClient\.create[^]*Worst case: ≤[^]*@Retry[^]*back-off[^]*POST, write/,
    );
    expect(await page.evaluate(`document.querySelectorAll('.node:not(.out)').length`)).toBeLessThan(12);
    await page.evaluate(`document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))`);
    expect(await page.evaluate(details)).toBe('');
    expect(await page.evaluate(`document.querySelectorAll('.out').length`)).toBe(0);
    await page.evaluate(`document.querySelector('.node.entry').focus()`);
    await page.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter' });
    expect(await page.evaluate(details)).toContain('entry point');
  });

  it('shows names from code as they are, whatever they say', async () => {
    const name = `</script><img src=x onerror="inline = 1">`;
    const { nodes, edges } = mapOf(new Map([['a.ts', 'export const a = () => fetch("https://a.internal");']]));
    await show({ nodes: nodes.map((node) => ({ ...node, name, file: name })), edges });
    expect(page.complaints).toEqual([]);
    expect(page.requests).toHaveLength(1);
    await page.evaluate(`document.querySelector('.node').dispatchEvent(new MouseEvent('click', { bubbles: true }))`);
    expect(await page.evaluate(`document.querySelector('#details h2').textContent`)).toBe(name);
    expect(await page.evaluate(`document.images.length + document.querySelectorAll('script').length`)).toBe(2);
    expect(await page.evaluate(`typeof inline`)).toBe('undefined');
  });

  it('is a still picture without JavaScript', async () => {
    await page.send('Emulation.setScriptExecutionDisabled', { value: true });
    await show(large);
    await page.send('Emulation.setScriptExecutionDisabled', { value: false });
    expect(await page.evaluate(`document.querySelector('#controls').offsetHeight`)).toBe(0);
    expect(await page.evaluate<number>(`document.querySelector('svg').getBoundingClientRect().height`)).toBeGreaterThan(
      1_000,
    );
  });
});
