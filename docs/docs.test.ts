import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checks as analysisChecks } from '../packages/analysis/src/checks/checks.js';
import { messagesFor } from './codemod-messages.mjs';
import { casesOf, codemodPage, codemods, pageOf } from './codemod-pages.mjs';
import { pages, refreshed } from './examples.mjs';
import { failureOf, stubFetch } from './fake-fetch.js';
import { optionsOf, policyFiles, tableUnder } from './options.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const src = 'packages/runtime/src';

describe('examples', () => {
  it.each(pages())('%s shows its examples as they are', (page) => {
    expect(read(page)).toBe(refreshed(page));
  });

  it.each(pages().filter((page) => !page.startsWith('docs/decisions/')))(
    '%s shows no code that no test runs',
    (page) => {
      // Shell commands, output and configuration aside.
      const fences = [...read(page).matchAll(/(.*)\n\n?```(\w+)\n/g)].filter(([, , language]) =>
        /^[jt]sx?$/.test(language!),
      );
      for (const [text, above] of fences) expect(above, text).toMatch(/^<!-- example: \S+ -->$/);
    },
  );

  it.each(['docs', 'docs/examples/legacy'])('%s compiles', (folder) => {
    const { program } = programOf(folder);
    const messages = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
      const line = file && start !== undefined ? ts.getLineAndCharacterOfPosition(file, start).line + 1 : 0;
      return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    expect(messages).toEqual([]);
  });

  it('have a test each', () => {
    const names = readdirSync(join(root, 'docs/examples')).filter((name) => /\.[jt]s$/.test(name));
    const tests = names.filter((name) => name.includes('.test.')).map((name) => read(`docs/examples/${name}`));
    const untested = names
      .filter((name) => !name.includes('.test.'))
      .filter((name) => !tests.some((test) => test.includes(`${name.replace(/\.[jt]s$/, '')}.`)));
    expect(untested).toEqual([]);
  });

  describe('with experimentalDecorators', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => {
      vi.useRealTimers();
      vi.unstubAllGlobals();
    });

    it('do as with standard ones', async () => {
      const { ShippingClient } = await legacyExample();
      stubFetch('none', 503, { body: { price: 4 } });
      const quote = new ShippingClient().quote('7');
      await vi.advanceTimersByTimeAsync(2_700);
      expect(await quote).toEqual({ price: 4 });

      stubFetch('none');
      const failure = failureOf(new ShippingClient().quote('7'));
      await vi.advanceTimersByTimeAsync(7_000);
      expect(await failure).toMatchObject({ code: 'HOLDFAST_TIMEOUT', policy: 'ShippingClient.quote' });
    });
  });
});

describe('pages of codemods', () => {
  it.each(codemods())('that of %s shows its fixtures as they are', (folder) => {
    expect(read(pageOf(folder))).toBe(codemodPage(folder, messagesFor(folder)));
  });

  it.each(codemods())('that of %s shows all of its fixtures', (folder) => {
    const shown = [...read(`${folder}/page.md`).matchAll(/<!-- case: (\S+) -->/g)].map(([, name]) => name);
    expect(shown.sort()).toEqual(casesOf(folder).sort());
  });
});

describe('options', () => {
  it.each(policyFiles())('of $source are those of the code, with their defaults', ({ source, page, heading }) => {
    const rows = tableUnder(page, heading).map(([name, value, unit]) => ({
      name,
      default: value,
      isMs: unit === 'ms',
    }));
    expect(rows).toEqual(
      optionsOf(source).map(({ name, default: value, isMs }) => ({ name: `\`${name}\``, default: value, isMs })),
    );
  });
});

describe('rooms', () => {
  const index = read(`${src}/index.ts`);
  const exported = (folder: string): string[] =>
    [...index.matchAll(new RegExp(`export \\{([^}]*)\\} from './${folder}/([\\w-]+)\\.js'`, 'g'))].map(
      ([, , file]) => file!,
    );

  it.each(exported('decorators'))('the decorator %s has a page', (name) => {
    expect(existsSync(join(root, `docs/decorators/${name}.md`))).toBe(true);
  });

  it.each(exported('policies').filter((name) => read(`${src}/policies/${name}.ts`).includes('definePolicy(')))(
    'the policy %s has a page, with its limits',
    (name) => {
      expect(read(`docs/policies/${name}.md`)).toContain('\n## Limits\n');
    },
  );

  const sources = readdirSync(join(root, src), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /(?<!\.test)\.ts$/.test(path),
  );
  const codes = new Set(sources.flatMap((path) => read(`${src}/${path}`).match(/'HOLDFAST_[A-Z_]+'/g) ?? []));
  it.each([...codes])('the code %s has its place in errors.md', (code) => {
    expect(read('docs/errors.md')).toContain(`\n## ${code.slice(1, -1)}\n`);
  });

  it.each(analysisChecks.map(({ id }) => id))('the rule %s has a page', (id) => {
    expect(existsSync(join(root, `docs/rules/${id}.md`))).toBe(true);
  });

  const rulesOf = (page: string): { name: string; catches: string }[] =>
    [...read(page).matchAll(/^\| \[([\w-]+)\]\(\S*rules\/\S+\)\s*\| (.*?)\s*\|$/gm)].map(([, name, catches]) => ({
      name: name!,
      catches: catches!,
    }));

  it('the tables of rules have them all, in the order of the code and the same words', () => {
    const table = rulesOf('docs/index.md');
    expect(table.map(({ name }) => name)).toEqual(analysisChecks.map(({ id }) => id));
    expect(rulesOf('packages/eslint-plugin/README.md')).toEqual(table);
  });

  it.each(analysisChecks.map(({ id }) => id))('the page of the rule %s says when and how far to trust it', (id) => {
    const headings = [...read(`docs/rules/${id}.md`).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings[0]).toBe('What it looks at');
    expect(headings.some((heading) => heading!.startsWith('When '))).toBe(true);
    expect(headings.at(-1)).toBe('Limits');
  });

  it('all pages can be reached from the first', () => {
    const reached = new Set<string>();
    const visit = (page: string): void => {
      if (reached.has(page) || !page.endsWith('.md')) return;
      reached.add(page);
      for (const { path } of linksOf(page)) visit(path);
    };
    visit('docs/index.md');
    expect(pages().filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });
});

describe('links', () => {
  it.each(pages())('of %s lead somewhere', (page) => {
    for (const { path, anchor } of linksOf(page)) {
      expect(existsSync(join(root, path)), path).toBe(true);
      if (anchor) expect(anchorsOf(path), `${path}#${anchor}`).toContain(anchor);
    }
  });
});

interface Link {
  /** From the root of the repository. */
  path: string;
  anchor: string | undefined;
}

function linksOf(page: string): Link[] {
  const text = read(page).replaceAll(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path, anchor] = target.split('#');
      return { path: path ? join(dirname(page), path) : page, anchor };
    });
}

function anchorsOf(path: string): string[] {
  if (!path.endsWith('.md')) return [];
  return [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function programOf(folder: string) {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, folder, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  )!;
  return { program: ts.createProgram(config.fileNames, config.options), options: config.options };
}

/** The example for `experimentalDecorators`, emitted with its own settings: Vitest lowers the others as standard ones. */
async function legacyExample(): Promise<typeof import('./examples/legacy/shipping.js')> {
  const { options } = programOf('docs/examples/legacy');
  const { outputText } = ts.transpileModule(read('docs/examples/legacy/shipping.ts'), {
    compilerOptions: { ...options, sourceMap: false },
  });
  const out = join(root, '.tsbuild/docs/shipping.js');
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, outputText);
  return import(/* @vite-ignore */ out) as never;
}
