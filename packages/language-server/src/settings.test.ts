import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodeActionKind, DiagnosticSeverity, FileChangeType } from 'vscode-languageserver-protocol/node';
import { createWorkspace, ky, tsconfig, unguarded, type Workspace } from '../testing/workspace.js';

/** Only `strict` shows it. */
const arguable = 'import ky from "ky";\nexport const load = () => ky.get("https://a.internal");\n';
const plugins = [{ name: '@holdfast/typescript-plugin', preset: 'strict' }];

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
  workspace.write('ky.d.ts', ky);
});
afterEach(() => workspace.remove());

describe('the language server', () => {
  it('takes the settings of the editor, and others while it runs', async () => {
    const editor = await workspace.edit({ settings: { severity: 'error' } });
    const file = editor.open(workspace.write('service.ts', unguarded));
    expect(await editor.diagnostics(file)).toMatchObject([{ severity: DiagnosticSeverity.Error }]);
    editor.configure({ rules: { 'no-unguarded-outbound-call': 'suggestion' } });
    expect(await editor.diagnostics(file)).toMatchObject([{ severity: DiagnosticSeverity.Hint }]);
    editor.configure({ severity: 'off' });
    expect(await editor.diagnostics(file)).toEqual([]);
    expect(await editor.actions(file, 'fetch', [CodeActionKind.QuickFix])).toEqual([]);
  });

  it.each([
    ['', { preset: 'strict' }],
    [' under its name', { holdfast: { preset: 'strict' } }],
  ])('takes those that it is started with%s, and those that are sent', async (_, initializationOptions) => {
    const editor = await workspace.edit({ initializationOptions });
    const file = editor.open(workspace.write('service.ts', arguable));
    expect(await editor.diagnostics(file)).toHaveLength(1);
    await editor.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { holdfast: { preset: 'recommended' } },
    });
    expect(await editor.diagnostics(file)).toEqual([]);
  });

  it('says what is wrong in them, once, and goes on', async () => {
    const editor = await workspace.edit({ initializationOptions: { severity: 'fatal' } });
    const file = editor.open(workspace.write('service.ts', unguarded));
    expect(await editor.diagnostics(file)).toMatchObject([{ severity: DiagnosticSeverity.Warning }]);
    await editor.diagnostics(file);
    expect(editor.log).toEqual(['holdfast: severity must be one of error, warning, suggestion, off, got "fatal"']);
  });

  it('takes what the tsconfig tells the plugin, unless the editor says otherwise', async () => {
    workspace.write('tsconfig.json', tsconfig({}, { plugins }));
    const editor = await workspace.edit({ settings: {} });
    const file = editor.open(workspace.write('service.ts', arguable));
    expect(await editor.diagnostics(file)).toHaveLength(1);
    editor.configure({ preset: 'recommended' });
    expect(await editor.diagnostics(file)).toEqual([]);
  });

  it('takes a configuration that was just saved', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', unguarded));
    expect(await editor.diagnostics(file)).toHaveLength(1);
    const assumption = { module: 'global', member: 'fetch', timeout: true, because: 'the proxy gives up after 10 s' };
    const config = workspace.write('holdfast.config.json', JSON.stringify({ assume: [assumption] }));
    editor.changed(config, FileChangeType.Created);
    expect(await editor.diagnostics(file)).toEqual([]);
  });

  it('takes a configuration that cannot be used for none, and says so, once', async () => {
    workspace.write('holdfast.config.json', '{ "assume": [{ "module": 5 }] }');
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', unguarded));
    expect(await editor.diagnostics(file)).toHaveLength(1);
    editor.replace(file, 'a.internal', 'b.internal');
    expect(await editor.diagnostics(file)).toHaveLength(1);
    expect(editor.log).toEqual([expect.stringMatching(/^holdfast: .*holdfast\.config\.json: assume\[0\]/)]);
  });
});
