import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules, isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { defaultCatalogue } from '../packages/analysis/src/catalogue/default-catalogue.js';
import { checks } from '../packages/analysis/src/checks/checks.js';
import { migrationSources } from '../packages/codemods/src/migrate/migrations.js';
import * as runtime from '../packages/runtime/src/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const exists = (path: string) => existsSync(join(root, path));
const missing = (paths: string[]) => paths.filter((path) => !exists(path));
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  .split('\0')
  .filter((path) => path !== '' && exists(path));

/** The files of a folder whose name is one idea, without their endings. */
const rooms = (folder: string) =>
  exists(folder) ? readdirSync(join(root, folder)).flatMap((file) => /^([\w-]+)\.ts$/.exec(file)?.[1] ?? []) : [];

const pascal = (name: string) => name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

describe('a policy', () => {
  const folder = 'packages/runtime/src';
  const policies = rooms(`${folder}/policies`).filter((name) =>
    read(`${folder}/policies/${name}.ts`).includes('definePolicy('),
  );
  /** Chaos is put into a pipeline for an experiment, not declared for good. */
  const withoutDecorator = ['chaos'];
  /** It exists only as a decorator. */
  const withoutFactory = ['idempotent'];

  it('is recognised by this test', () => {
    expect(policies).toEqual(expect.arrayContaining(['bulkhead', 'circuit-breaker', 'retry', 'timeout']));
  });

  it('has a test of its own name', () => {
    expect(missing(policies.map((name) => `${folder}/policies/${name}.test.ts`))).toEqual([]);
  });

  it('has a decorator of its own name, both exported', () => {
    const decorated = policies.filter((name) => !withoutDecorator.includes(name));
    expect(missing(decorated.map((name) => `${folder}/decorators/${name}.ts`))).toEqual([]);
    const made = policies.filter((name) => !withoutFactory.includes(name));
    expect([...decorated.map(pascal), ...made.map(camel)].filter((name) => !(name in runtime))).toEqual([]);
  });

  it('has a page', () => {
    const made = policies.filter((name) => !withoutFactory.includes(name));
    expect(missing(made.map((name) => `docs/policies/${name}.md`))).toEqual([]);
  });
});

describe('a rule', () => {
  const folder = 'packages/analysis/src/checks';
  const rules = rooms(folder).filter((name) => !['check', 'checks'].includes(name));

  it('is in the list of rules under the name of its file', () => {
    expect(checks.map(({ id }) => id).sort()).toEqual(rules.sort());
  });

  it('has fixtures it is content with and fixtures it is not, and a page', () => {
    const promised = rules.flatMap((id) => [
      `packages/analysis/fixtures/${id}/valid`,
      `packages/analysis/fixtures/${id}/invalid`,
      `docs/rules/${id}.md`,
    ]);
    expect(missing(promised)).toEqual([]);
  });

  it('is what a page of the rules is about', () => {
    const pages = readdirSync(join(root, 'docs/rules')).filter((page) => page !== 'index.md');
    expect(pages.sort()).toEqual(rules.map((id) => `${id}.md`).sort());
  });
});

describe('a codemod', () => {
  it('has a test and a page', () => {
    const promised = migrationSources.flatMap((name) => [
      `packages/codemods/src/migrate/${name}.ts`,
      `packages/codemods/src/migrate/${name}.test.ts`,
      `docs/codemods/${name}.md`,
    ]);
    expect(missing(['packages/codemods/src/guard/plan-guard.test.ts', 'docs/codemods/guard.md', ...promised])).toEqual(
      [],
    );
  });
});

describe('a package that the catalogue describes', () => {
  it('is installed in test/catalogue, where its rows are compared with its types', () => {
    const installed: Record<string, unknown> = JSON.parse(read('test/catalogue/package-lock.json')).packages;
    const described = defaultCatalogue.flatMap((row) =>
      // A name alone says that a package sends nothing.
      Object.keys(row).length > 1 ? [row.module, ...(row.also ?? [])] : [],
    );
    const missing = described.filter((name) => {
      const [packageName] = /^(?:@[^/]+\/)?[^/]+/.exec(name)!;
      const isHereAnyway = name === 'global' || isBuiltin(name) || name.startsWith('@holdfast/');
      return !isHereAnyway && !installed[`node_modules/${packageName}`];
    });
    expect(missing).toEqual([]);
  });
});

interface Manifest {
  name: string;
  version: string;
  license: string;
  private?: boolean;
  engines: Record<string, string>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const manifestOf = (folder: string): Manifest => JSON.parse(read(`${folder}/package.json`));
const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
const required = (folder: string) => {
  const { dependencies, peerDependencies, optionalDependencies } = manifestOf(folder);
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
};

describe('the packages', () => {
  it('have one version, one licence and one range of Node versions', () => {
    const published = packages.map(manifestOf).filter((manifest) => !manifest.private);
    const facts = published.map(({ version, license, engines }) => JSON.stringify({ version, license, engines }));
    expect([...new Set(facts)]).toHaveLength(1);
    expect(published[0]!.engines).toEqual((JSON.parse(read('package.json')) as Manifest).engines);
  });

  /** What of the workspace and of its own field a package may depend on. */
  const allowed: Record<string, readonly string[]> = {
    'packages/runtime': [],
    // For its types alone.
    'packages/analysis': ['typescript'],
    'packages/eslint-plugin': ['@holdfast/analysis', '@typescript-eslint/utils', 'eslint', 'typescript'],
    'packages/typescript-plugin': ['@holdfast/analysis'],
    'packages/language-server': [
      '@holdfast/analysis',
      'typescript',
      'vscode-languageserver',
      'vscode-languageserver-textdocument',
    ],
    'packages/codemods': ['@holdfast/analysis', 'ts-morph'],
    'packages/cli': [
      '@holdfast/analysis',
      '@holdfast/codemods',
      'typescript',
      // How it talks to people.
      '@clack/prompts',
      'commander',
      'diff',
      'jsonc-parser',
      'picocolors',
    ],
  };

  it.each(packages)('%s depends on nothing but what its place allows', (folder) => {
    expect(required(folder).filter((name) => !allowed[folder]?.includes(name))).toEqual([]);
  });

  it.each(packages)('%s refers to the projects it depends on, and to no other', (folder) => {
    const config = ts.readConfigFile(join(root, folder, 'tsconfig.json'), ts.sys.readFile).config as {
      references?: { path: string }[];
    };
    const referred = (config.references ?? []).map(({ path }) => manifestOf(join(folder, path)).name);
    const ours = required(folder).filter((name) => packages.some((other) => manifestOf(other).name === name));
    expect(referred.sort()).toEqual(ours.sort());
  });

  it.each(packages)('%s imports only itself, Node and what it depends on', (folder) => {
    const dependencies = required(folder);
    const strays = sourcesOf(folder).flatMap((file) =>
      importsOf(file)
        .filter(({ specifier, isTypeOnly }) => {
          if (specifier.startsWith('.'))
            return relative(`${folder}/src`, join(dirname(file), specifier)).startsWith('..');
          if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return false;
          const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
          // Nothing imports the command, so nobody needs the types that it was written with.
          if (isTypeOnly && folder === 'packages/cli' && name === 'sarif') return false;
          // The compiler is handed in; only its types are known.
          return (
            !dependencies.includes(name) && !(name === 'typescript' && isTypeOnly && folder !== 'packages/runtime')
          );
        })
        .map(({ specifier }) => `${file}: ${specifier}`),
    );
    expect(strays).toEqual([]);
  });

  it('are handed the compiler, but for the command, the ESLint plugin and the language server, which bring it', () => {
    const bringing = packages.filter((folder) =>
      sourcesOf(folder)
        .flatMap(importsOf)
        .some(({ specifier, isTypeOnly }) => specifier.split('/')[0] === 'typescript' && !isTypeOnly),
    );
    expect(bringing).toEqual(['packages/cli', 'packages/eslint-plugin', 'packages/language-server']);
  });

  it('leave files to the compiler in the analysis, but for what reads its configuration', () => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const { specifier, isTypeOnly } of importsOf(file)) {
        if (specifier.startsWith('.') && !isTypeOnly) visit(join(dirname(file), specifier.replace(/\.js$/, '.ts')));
      }
    };
    visit('packages/analysis/src/index.ts');
    expect(reached.size).toBeGreaterThan(10);
    const strays = [...reached].filter((file) =>
      importsOf(file).some(({ specifier }) => specifier.startsWith('node:')),
    );
    expect(strays).toEqual([]);
  });

  it('point one way inside the runtime: decorators over policies over the engine', () => {
    const folder = 'packages/runtime/src';
    const upwards = sourcesOf('packages/runtime').flatMap((file) =>
      importsOf(file)
        .filter(({ isTypeOnly }) => !isTypeOnly)
        .map(({ specifier }) => [file, relative(folder, join(dirname(file), specifier))] as const)
        .filter(([, target]) => {
          if (target.startsWith('decorators/'))
            return !file.startsWith(`${folder}/decorators/`) && file !== `${folder}/index.ts`;
          return target === 'index.js' || (target.startsWith('policies/') && file.startsWith(`${folder}/engine/`));
        })
        .map(([source, target]) => `${source}: ${target}`),
    );
    expect(upwards).toEqual([]);
  });
});

/** The sources of a package that are shipped. */
function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?ts$/.test(file) && !/\.test\.[cm]?ts$/.test(file))
    .map((file) => join(folder, 'src', file));
}

function importsOf(path: string): { specifier: string; isTypeOnly: boolean }[] {
  const found: { specifier: string; isTypeOnly: boolean }[] = [];
  const add = (node: ts.Node | undefined, isTypeOnly: boolean) => {
    if (node && ts.isStringLiteralLike(node)) found.push({ specifier: node.text, isTypeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const { importClause } = node;
      const names = importClause?.namedBindings;
      const isEachType =
        !importClause?.name &&
        names !== undefined &&
        ts.isNamedImports(names) &&
        names.elements.every((one) => one.isTypeOnly);
      add(node.moduleSpecifier, importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword || isEachType);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
      add(node.moduleReference.expression, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require')
    )
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true));
  return found;
}

describe('the repository', () => {
  it('sets itself up with the version of pnpm that it names', () => {
    const { packageManager, scripts } = JSON.parse(read('package.json'));
    expect(packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+$/);
    expect(scripts.setup.match(/pnpm@\S+/g)).toEqual([packageManager]);
  });

  it('locks versions and hashes, not the places they came from', () => {
    const lockfiles = tracked.filter((path) => /(^|\/)(pnpm-lock\.yaml|package-lock\.json|yarn\.lock)$/.test(path));
    expect(lockfiles).toContain('pnpm-lock.yaml');
    const places = lockfiles.flatMap((path) =>
      (read(path).match(/.*(https?:|git\+|tarball:|"resolved").*/g) ?? []).map((line) => `${path}: ${line.trim()}`),
    );
    expect(places).toEqual([]);
  });

  it('mentions no path and no registry of the machine it was written on', () => {
    const telling =
      /(?<![\w.~*-])\/(?:work|root|tmp|home|Users)\/[\w.-]+|[A-Z]:\\Users\\|\bregistry\.(?!terraform)[\w-]+\.[a-z]{2,}|registry\s*=\s*http/g;
    const host = process.env.npm_config_registry && new URL(process.env.npm_config_registry).host;
    const mentions = tracked.flatMap((path) => {
      const text = read(path);
      if (text.includes('\0')) return [];
      const found: string[] = text.match(telling) ?? [];
      if (host && text.includes(host)) found.push(host);
      return found.map((mention) => `${path}: ${mention}`);
    });
    expect(mentions).toEqual([]);
  });
});
