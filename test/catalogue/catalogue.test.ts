// The rows of one module alone: npx vitest run --project catalogue -t "'axios'"
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultCatalogue } from '../../packages/analysis/src/catalogue/default-catalogue.js';
import { checkModule, type Problem } from './check-module.js';
import { explanations, type Explanation } from './explanations.js';

const isInstalled = existsSync(new URL('node_modules/.installed-lock.json', import.meta.url));
/** A name alone says that a package sends nothing. */
const modules = defaultCatalogue.filter((row) => Object.keys(row).length > 1);

describe.skipIf(!isInstalled)('the catalogue agrees with the types of', () => {
  it.each(modules)('$module', (row) => {
    const problems = checkModule(row, defaultCatalogue);
    const own = explanations.filter(({ place }) => place.startsWith(`${row.module} `));
    const open = problems.filter((problem) => !own.some((one) => explains(one, problem)));
    const needless = own.filter((one) => !problems.some((problem) => explains(one, problem)));
    const wrong = [...open.map(textOf), ...needless.map(({ place }) => `${place}: needs no explanation any more`)];
    if (wrong.length > 0) expect.fail(`\n  ${wrong.join('\n  ')}`);
  });

  it('nothing that is only explained', () => {
    const names = modules.map(({ module }) => module);
    expect(explanations.filter(({ place }) => !names.includes(place.split(' ')[0]!))).toEqual([]);
  });
});

function explains({ place, isUnverifiable }: Explanation, problem: Problem): boolean {
  if (isUnverifiable !== problem.isUnverifiable) return false;
  return place.endsWith('*') ? problem.place.startsWith(place.slice(0, -1)) : problem.place === place;
}

function textOf({ place, fact, isUnverifiable }: Problem): string {
  return `${place}: ${fact}${isUnverifiable ? ' (the types cannot tell)' : ''}`;
}
