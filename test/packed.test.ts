import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { node, run, succeed } from './processes.js';

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  type?: string;
  main?: string;
  exports?: Record<string, unknown>;
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const manifestIn = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const { packageManager } = manifestIn(root) as Manifest & { packageManager: string };

const packages = readdirSync(join(root, 'packages'))
  .map((folder) => manifestIn(join(root, 'packages', folder)))
  .filter((manifest) => !manifest.private);
const names = packages.map(({ name }) => name);
const tools = names.filter((name) => name !== '@holdfast/runtime');
/** Nobody imports them. */
const commands = ['holdfast', '@holdfast/language-server'];

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-packed-')));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const tarballOf = (name: string) => {
  const { version } = packages.find((manifest) => manifest.name === name)!;
  return join(scratch, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
};
/** Where a tarball was unpacked to. */
const unpacked = (name: string) => join(scratch, 'unpacked', name);

beforeAll(async () => {
  const args = ['-y', packageManager, '-r', '--filter', './packages/*', 'pack', '--pack-destination', scratch];
  await succeed('npx', args, root);
  for (const name of names) {
    mkdirSync(unpacked(name), { recursive: true });
    await succeed('tar', ['-xzf', tarballOf(name), '--strip-components=1'], unpacked(name));
  }
}, 300_000);

function filesOf(name: string): string[] {
  return readdirSync(unpacked(name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(unpacked(name), join(entry.parentPath, entry.name)));
}

describe.each(names)('the tarball of %s', (name) => {
  it('holds what its package.json promises, and its licence', () => {
    const manifest = manifestIn(unpacked(name));
    const promised =
      JSON.stringify([manifest.exports, manifest.bin, manifest.main]).match(/\.\/[^"]+(?=")(?!":)/g) ?? [];
    expect(promised.length).toBeGreaterThan(0);
    expect(promised.filter((file) => !existsSync(join(unpacked(name), file)))).toEqual([]);
    expect(filesOf(name)).toContain('LICENSE');
  });

  it('holds no tests, no build information and nothing that was left over', () => {
    const files = filesOf(name);
    expect(files.filter((file) => /\.test\.|\.tsbuildinfo$|fixtures\/|node_modules\//.test(file))).toEqual([]);
    expect(
      files.filter((file) => !/^(dist|src)\/|^(package\.json|LICENSE|README\.md|CHANGELOG\.md)$/.test(file)),
    ).toEqual([]);
  });

  it('holds the sources that its source maps name', () => {
    const missing = filesOf(name)
      .filter((file) => file.endsWith('.map'))
      .flatMap((file) => {
        const { sources, sourceRoot } = JSON.parse(readFileSync(join(unpacked(name), file), 'utf8'));
        return (sources as string[]).map((source) => join(dirname(file), sourceRoot, source));
      })
      .filter((source) => !existsSync(join(unpacked(name), source)));
    expect(missing).toEqual([]);
  });

  it('holds no path of the machine that it was packed on', () => {
    const paths = [root, join(homedir(), '/'), scratch, '/home/', '/Users/', 'C:\\Users'].filter(
      (path) => path !== '/',
    );
    const found = filesOf(name).flatMap((file) => {
      const text = readFileSync(join(unpacked(name), file), 'utf8');
      return paths.filter((path) => text.includes(path)).map((path) => `${file}: ${path}`);
    });
    expect(found).toEqual([]);
  });

  it('depends on versions, which only the registry has to know', () => {
    const { dependencies, peerDependencies, optionalDependencies } = manifestIn(unpacked(name));
    const specifiers = Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies });
    expect(specifiers.filter(([, range]) => !/^([\^~]|>=)?\d+\./.test(range))).toEqual([]);
    const ours = specifiers.filter(([dependency]) => names.includes(dependency));
    expect(ours.filter(([dependency, range]) => range !== `^${manifestIn(unpacked(dependency)).version}`)).toEqual([]);
  });
});

describe('the packed runtime, installed alone', () => {
  const project = join(scratch, 'service');
  const entries = Object.keys(packages.find(({ name }) => name === '@holdfast/runtime')!.exports!)
    .filter((path) => path !== './package.json')
    .map((path) => join('@holdfast/runtime', path));

  beforeAll(async () => {
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
    // Without dependencies there is nothing to ask the registry for.
    const args = ['install', '--offline', '--no-audit', '--no-fund', tarballOf('@holdfast/runtime')];
    await succeed('npm', args, project);
  });

  it('brings nothing with it', () => {
    expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@holdfast']);
    const manifest = manifestIn(join(project, 'node_modules/@holdfast/runtime'));
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('peerDependencies');
    expect(manifest).not.toHaveProperty('optionalDependencies');
  });

  it.each(entries)('gives the same from import and require: %s', async (entry) => {
    const program = `
      import { createRequire } from 'node:module';
      const imported = await import('${entry}');
      const required = createRequire(import.meta.url)('${entry}');
      const names = Object.keys(imported).filter((name) => name !== 'default' && name !== 'module.exports');
      if (names.length === 0) throw new Error('nothing is exported');
      for (const name of names) if (imported[name] !== required[name]) throw new Error(name + ' is there twice');
      console.log('the same');`;
    expect(await node(project, '--input-type=module', '--eval', program)).toBe('the same\n');
  });

  it.each(entries)('has the same exports in its CommonJS copy: %s', async (entry) => {
    const program = `
      const { readFileSync } = require('node:fs');
      const { exports: paths } = JSON.parse(readFileSync('node_modules/@holdfast/runtime/package.json', 'utf8'));
      const { require: cjs, import: esm } = paths['./${relative('@holdfast/runtime', entry)}'.replace(/\\/$/, '')];
      const keys = (loaded) => Object.keys(loaded).filter((name) => name !== '__esModule').sort().join();
      const folder = './node_modules/@holdfast/runtime/';
      import(folder + esm.default).then((imported) => {
        if (keys(require(folder + cjs.default)) !== keys(imported)) throw new Error(keys(imported));
        console.log('the same');
      });`;
    expect(await node(project, '--input-type=commonjs', '--eval', program)).toBe('the same\n');
  });
});

describe('all packed packages, installed together', () => {
  const project = join(scratch, 'workplace');
  let isOffline = false;

  beforeAll(async () => {
    mkdirSync(join(project, 'src'), { recursive: true });
    writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: { target: 'es2022', module: 'nodenext', strict: true, noEmit: true },
        include: ['src'],
      }),
    );
    const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', ...names.map(tarballOf)];
    const { exitCode, stderr } = await run('npm', args, project);
    isOffline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT/.test(stderr);
    if (exitCode !== 0 && !isOffline) throw new Error(stderr);
  }, 300_000);

  it.for(tools.filter((name) => !commands.includes(name)))('%s loads', async (name, { skip }) => {
    if (isOffline) skip('the registry cannot be reached');
    const program = `const loaded = await import('${name}'); console.log(Object.keys(loaded).length > 0);`;
    expect(await node(project, '--input-type=module', '--eval', program)).toBe('true\n');
  });

  it('holdfast check finds what is not guarded, and is content when it is', async ({ skip }) => {
    if (isOffline) skip('the registry cannot be reached');
    const source = join(project, 'src/prices.ts');
    const check = () => run('npx', ['--no-install', 'holdfast', 'check'], project);

    writeFileSync(source, `export const price = async (id: string) => fetch(\`https://prices.test/\${id}\`);\n`);
    const found = await check();
    expect(found.stdout + found.stderr).toContain('no-unguarded-outbound-call');
    expect(found.exitCode).toBe(1);

    writeFileSync(
      source,
      `import { withTimeout } from '@holdfast/runtime';
export const price = async (id: string) =>
  withTimeout(async ({ signal }) => {
    const response = await fetch(\`https://prices.test/\${id}\`, { signal });
    if (!response.ok) throw new Error(\`status \${response.status}\`);
    return response.json();
  }, 2_000);
`,
    );
    const clean = await check();
    expect(clean.stdout + clean.stderr).not.toContain('no-unguarded-outbound-call');
    expect(clean.exitCode).toBe(0);
  });
});
