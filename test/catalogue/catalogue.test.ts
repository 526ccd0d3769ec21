// The rows of one module alone: npx vitest run --project catalogue -t axios
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CatalogueModule } from '../../packages/analysis/src/catalogue/catalogue.js';
import { checkModule, type Problem } from './check-module.js';
import { explanations, type Explanation } from './explanations.js';

interface Rows {
  name: string;
  files: string;
  rows: CatalogueModule[];
}

const folder = fileURLToPath(new URL('../../packages/analysis/src/catalogue', import.meta.url));
const isInstalled = existsSync(new URL('node_modules/.package-lock.json', import.meta.url));
const modules = isInstalled ? await readRows() : [];
const catalogue = modules.flatMap(({ rows }) => rows);

describe.skipIf(!isInstalled)('the catalogue agrees with the types of', () => {
  it.each(modules)('$name', ({ name, files, rows }) => {
    const problems = rows.flatMap((row) => checkModule(row, catalogue));
    const own = explanations.filter(({ place }) => place.startsWith(`${name} `));
    const open = problems.filter((problem) => !own.some((one) => explains(one, problem)));
    const needless = own.filter((one) => !problems.some((problem) => explains(one, problem)));
    const wrong = [...open.map(textOf), ...needless.map(({ place }) => `${place}: needs no explanation any more`)];
    if (wrong.length > 0) expect.fail(`${files}\n  ${wrong.join('\n  ')}`);
  });

  it('nothing that is only explained', () => {
    const names = modules.map(({ name }) => name);
    const strays = explanations.filter(({ place }) => !names.includes(place.split(' ')[0]!));
    expect(strays.map(({ place }) => place)).toEqual([]);
  });
});

function explains({ place, isUnverifiable }: Explanation, problem: Problem): boolean {
  if (isUnverifiable !== problem.isUnverifiable) return false;
  return place.endsWith('*') ? problem.place.startsWith(place.slice(0, -1)) : problem.place === place;
}

function textOf({ place, fact, isUnverifiable }: Problem): string {
  return `${place}: ${fact}${isUnverifiable ? ' (the types cannot tell)' : ''}`;
}

/** What the rooms of the catalogue export, by the name of the package. */
async function readRows(): Promise<Rows[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  const rooms = files.filter((file) => file.includes('/') && file.endsWith('.ts') && !file.endsWith('.test.ts')).sort();
  const found = new Map<string, Rows>();
  for (const file of rooms) {
    const exported: Record<string, unknown> = await import(`${folder}/${file}`);
    for (const row of Object.values(exported).filter(isModule)) {
      const known = found.get(row.module);
      if (known) Object.assign(known, { files: `${known.files}, ${file}`, rows: [...known.rows, row] });
      else found.set(row.module, { name: row.module, files: file, rows: [row] });
    }
  }
  return [...found.values()];
}

function isModule(value: unknown): value is CatalogueModule {
  return typeof value === 'object' && value !== null && 'module' in value;
}
