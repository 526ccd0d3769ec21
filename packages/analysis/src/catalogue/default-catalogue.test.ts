import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CatalogueModule } from './catalogue.js';
import { defaultCatalogue } from './default-catalogue.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /[\\/]/.test(path) && /(?<!\.test)\.ts$/.test(path),
);

function isModule(value: unknown): value is CatalogueModule {
  return typeof value === 'object' && value !== null && 'module' in value;
}

describe('the default catalogue', () => {
  it.each(files)('has every module of %s', async (file) => {
    const exported = Object.values((await import(new URL(file, import.meta.url).href)) as object).flat();
    expect(exported.filter((value) => isModule(value) && !defaultCatalogue.includes(value))).toEqual([]);
  });

  it('describes each package once', () => {
    const names = defaultCatalogue.flatMap(({ module, also = [] }) => [module, ...also]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('leads to types that it describes', () => {
    const missing = defaultCatalogue.flatMap(({ module, exports = {}, types = {} }) => {
      const rows = [
        ...Object.entries(exports),
        ...Object.values(types).flatMap(({ members = {}, statics = {} }) => [
          ...Object.entries(members),
          ...Object.entries(statics),
        ]),
      ];
      return rows.flatMap(([name, row]) =>
        [row.is, row.makes].flatMap((type) =>
          type === undefined || type === 'this' || Object.hasOwn(types, type) ? [] : [`${module} ${name}: ${type}`],
        ),
      );
    });
    expect(missing).toEqual([]);
  });
});
