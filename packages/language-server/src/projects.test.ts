import { rmSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileChangeType, type Diagnostic } from 'vscode-languageserver-protocol/node';
import type { Client } from '../testing/client.js';
import { createProjects } from './projects.js';
import { createWatching } from './watching.js';
import { createWorkspace, ky, tsconfig, unguarded, type Workspace } from '../testing/workspace.js';

const service = 'import { init } from "./init.js";\nexport const load = () => fetch("/a", init);\n';
const ending = 'export const init = { signal: AbortSignal.timeout(5) };\n';
const endless = 'export const init = { method: "GET" };\n';
const patient = { timeout: 20_000 };

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace.remove());

const at = (editor: Client, file: string): Promise<number[]> =>
  editor.diagnostics(file).then((all: readonly Diagnostic[]) => all.map(({ range }) => range.start.line + 1));

describe('the language server', () => {
  it('sees files that are made, changed and removed while it runs', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', service));
    expect(await at(editor, file)).toEqual([2]);
    const other = workspace.write('init.ts', ending);
    editor.changed(other, FileChangeType.Created);
    expect(await at(editor, file)).toEqual([]);
    workspace.write('init.ts', endless);
    editor.changed(other, FileChangeType.Changed);
    expect(await at(editor, file)).toEqual([2]);
    workspace.write('init.ts', ending);
    editor.changed(other, FileChangeType.Changed);
    expect(await at(editor, file)).toEqual([]);
    rmSync(other);
    editor.changed(other, FileChangeType.Deleted);
    expect(await at(editor, file)).toEqual([2]);
  });

  it('takes the files of a folder that is removed for removed', async () => {
    const editor = await workspace.edit();
    workspace.write('settings/init.ts', ending);
    const file = editor.open(workspace.write('service.ts', service.replace('./init', './settings/init')));
    expect(await at(editor, file)).toEqual([]);
    rmSync(join(workspace.folder, 'settings'), { recursive: true });
    editor.changed(join(workspace.folder, 'settings'), FileChangeType.Deleted);
    expect(await at(editor, file)).toEqual([2]);
  });

  it('sees them by itself where the editor does not watch', async () => {
    const editor = await workspace.edit({ watches: false });
    const file = editor.open(workspace.write('service.ts', service));
    expect(await at(editor, file)).toEqual([2]);
    workspace.write('init.ts', ending);
    await expect.poll(() => at(editor, file), patient).toEqual([]);
    workspace.write('init.ts', endless);
    await expect.poll(() => at(editor, file), patient).toEqual([2]);
  });

  it('sees a package that is installed while it runs', async () => {
    const editor = await workspace.edit();
    const file = editor.open(
      workspace.write('pay.ts', 'import { charge } from "acme";\nexport const pay = () => charge();\n'),
    );
    expect(await at(editor, file)).toEqual([]);
    const manifest = { name: 'acme', main: 'index.js', types: 'index.d.ts' };
    workspace.write('node_modules/acme/package.json', JSON.stringify(manifest));
    workspace.write('node_modules/acme/index.d.ts', 'export declare function charge(): Promise<void>;\n');
    workspace.write('node_modules/acme/index.js', 'exports.charge = () => fetch("https://acme.internal");\n');
    editor.changed(join(workspace.folder, 'node_modules/acme'), FileChangeType.Created);
    expect(await at(editor, file)).toEqual([2]);
  });

  it('goes on with a tsconfig that is broken, says so, and takes it when it is repaired', async () => {
    const config = workspace.write('tsconfig.json', '{ "compilerOptions": { "lib": ["es2022", "dom"], "strict": }');
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', unguarded));
    expect(await at(editor, file)).toEqual([1]);
    expect(editor.log).toEqual([expect.stringMatching(/^holdfast: .*tsconfig\.json: /)]);
    editor.replace(file, 'a.internal', 'b.internal');
    expect(await at(editor, file)).toEqual([1]);
    workspace.write(
      'tsconfig.json',
      tsconfig({}, { plugins: [{ name: '@holdfast/typescript-plugin', severity: 'off' }] }),
    );
    editor.changed(config, FileChangeType.Changed);
    expect(await at(editor, file)).toEqual([]);
    expect(editor.log).toHaveLength(1);
  });

  it('judges each folder of a workspace in its own project', async () => {
    const folders = ['a', 'b'].map((name) => join(workspace.folder, name));
    const off = { plugins: [{ name: '@holdfast/typescript-plugin', severity: 'off' }] };
    workspace.write('a/tsconfig.json', tsconfig());
    workspace.write('b/tsconfig.json', tsconfig({}, off));
    const editor = await workspace.edit({ folders });
    const a = editor.open(workspace.write('a/service.ts', unguarded));
    const b = editor.open(workspace.write('b/service.ts', unguarded));
    expect(await at(editor, a)).toEqual([1]);
    expect(await at(editor, b)).toEqual([]);
  });

  it('finds the project of a file behind the references of another', async () => {
    const strict = { plugins: [{ name: '@holdfast/typescript-plugin', preset: 'strict' }] };
    workspace.write('app/ky.d.ts', ky);
    workspace.write('tsconfig.json', JSON.stringify({ files: [], references: [{ path: './tsconfig.app.json' }] }));
    workspace.write('tsconfig.app.json', tsconfig({ include: ['app'] }, { ...strict, composite: true }));
    const editor = await workspace.edit();
    const file = editor.open(
      workspace.write('app/service.ts', 'import ky from "ky";\nexport const load = () => ky.get("/a");\n'),
    );
    expect(await at(editor, file)).toEqual([2]);
  });

  it('judges a file that no project has alone', async () => {
    workspace.write('tsconfig.json', tsconfig({ include: ['src'] }));
    const editor = await workspace.edit();
    const lone = editor.open(workspace.write('scripts/load.js', `const axios = require("axios");\n${unguarded}`));
    expect(await at(editor, lone)).toEqual([2]);
  });

  it('judges by what is in the editor until that closes it', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', service));
    const init = editor.open(workspace.write('init.ts', ending));
    expect(await at(editor, file)).toEqual([]);
    editor.replace(init, ending, endless);
    expect(await at(editor, file)).toEqual([2]);
    editor.close(init);
    expect(await at(editor, file)).toEqual([]);
  });

  it('lets no fault end it', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', unguarded));
    const textDocument = { uri: 'file:///%E0%A4%A.ts', languageId: 'typescript', version: 1, text: '' };
    await editor.connection.sendNotification('textDocument/didOpen', { textDocument });
    await editor.connection.sendNotification('textDocument/didOpen', { textDocument });
    expect(await at(editor, file)).toEqual([1]);
    expect(editor.log).toEqual([expect.stringContaining('URI malformed')]);
    expect(await editor.stop()).toBe(0);
  });
});

describe('a project', () => {
  it.each([
    ['6.0', ["Cannot find name 'pool'."]],
    ['5.4', []],
  ])('of TypeScript %s has the defaults of that one, also when it is read again', (version, errors) => {
    // Up to TypeScript 5 all types that are installed are there without being asked for.
    workspace.write('node_modules/@types/shop/index.d.ts', 'declare const pool: { size: number };\n');
    workspace.write('package.json', JSON.stringify({ devDependencies: { typescript: version } }));
    const config = workspace.write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext" } }');
    const watching = createWatching(
      () => true,
      () => undefined,
    );
    const projects = createProjects(watching, { warn: String, attempt: (_, work) => work() });
    const file = workspace.write('size.ts', 'export const size = pool.size;\n');
    projects.open(file, 'export const size = pool.size;\n');
    const problems = (): unknown => {
      const program = projects.programOf(file)!;
      return program.getSemanticDiagnostics(program.getSourceFile(file)).map(({ messageText }) => messageText);
    };
    expect(problems()).toEqual(errors);
    workspace.write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext", "target": "es2022" } }');
    watching.notify(config, ts.FileWatcherEventKind.Changed);
    expect(problems()).toEqual(errors);
    projects.close(file);
  });
});
