import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancellationTokenSource, DiagnosticSeverity, LSPErrorCodes } from 'vscode-languageserver-protocol/node';
import { uriOf } from '../testing/client.js';
import { createWorkspace, unguarded, type Workspace } from '../testing/workspace.js';

const patient = { timeout: 20_000 };

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace.remove());

describe('an editor that asks', () => {
  it('is answered with findings, and the way to each', async () => {
    const editor = await workspace.edit();
    const file = editor.open(
      workspace.write(
        'service.ts',
        'async function read() {\n  return fetch("https://a.internal");\n}\nexport const load = () => read();\n',
      ),
    );
    const [finding, ...others] = await editor.diagnostics(file);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 770_001,
      source: 'holdfast',
      severity: DiagnosticSeverity.Warning,
      range: { start: { line: 1, character: 9 }, end: { line: 1, character: 14 } },
      message: expect.stringMatching(/^`fetch` has no timeout.*\(no-unguarded-outbound-call\)$/) as string,
    });
    const way = finding?.relatedInformation?.map(
      ({ message, location }) => `${message} ${String(location.range.start.line + 1)}`,
    );
    expect(way).toEqual(['1. load 4', '2. read 4', '3. fetch 2']);
  });

  it('sees findings follow every edit', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', unguarded));
    expect(await editor.diagnostics(file)).toHaveLength(1);
    editor.replace(file, '")', '", { signal: AbortSignal.timeout(5) })');
    expect(await editor.diagnostics(file)).toEqual([]);
    editor.replace(file, 'export', 'fetch(; // ü\nexport');
    expect(await editor.diagnostics(file)).toMatchObject([{ range: { start: { line: 0, character: 0 } } }]);
  });

  it('counts lines as the protocol does, also where the compiler ends more of them', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', `const line = "\u2028";\r\n${unguarded}`));
    expect(await editor.diagnostics(file)).toMatchObject([{ range: { start: { line: 1, character: 26 } } }]);
  });

  it('sees what is written in another file, before it is saved', async () => {
    const editor = await workspace.edit();
    const caller = editor.open(
      workspace.write('caller.ts', 'import { read } from "./reader.js";\nexport const load = () => read();\n'),
    );
    const reader = editor.open(
      workspace.write('reader.ts', 'export function read() {\n  return fetch("https://a.internal");\n}\n'),
    );
    const [finding] = await editor.diagnostics(reader);
    expect(finding?.relatedInformation?.map(({ location }) => location.uri)).toEqual(
      expect.arrayContaining([uriOf(reader)]),
    );
    editor.replace(
      caller,
      '() => read()',
      'guard(async () => read(), timeout(1_000));\nimport { guard, timeout } from "@holdfast/runtime"',
    );
    const guarded = await editor.diagnostics(reader);
    expect(guarded.map(({ code }) => code)).not.toContain(770_001);
  });

  it('is asked to ask again when another file has changed', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', unguarded));
    editor.replace(file, 'a.internal', 'b.internal');
    await editor.diagnostics(file);
    const other = editor.open(workspace.write('other.ts', 'export {};\n'));
    await expect.poll(() => editor.refreshes(), patient).toBe(1);
    editor.replace(other, '{}', 'const a = 1');
    await expect.poll(() => editor.refreshes(), patient).toBe(2);
  });

  it('gets no answer about a text that it has changed meanwhile', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', unguarded));
    const old = editor.diagnostics(file).catch((error: unknown) => error);
    editor.replace(file, '")', '", { signal: AbortSignal.timeout(5) })');
    expect(await old).toMatchObject({ code: LSPErrorCodes.ServerCancelled, data: { retriggerRequest: true } });
    expect(await editor.diagnostics(file)).toEqual([]);
  });

  it('may change its mind', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', unguarded));
    await editor.diagnostics(file);
    const { token, cancel } = cancellable();
    const answer = editor.diagnostics(file, token).catch((error: unknown) => error);
    cancel();
    expect(await answer).toMatchObject({ code: LSPErrorCodes.RequestCancelled });
  });

  it('hears nothing about what is no source file of its own', async () => {
    const editor = await workspace.edit();
    const test = editor.open(workspace.write('service.test.ts', unguarded));
    const page = editor.open(workspace.write('page.html', '<script>fetch("/a")</script>'));
    expect(await editor.diagnostics(test)).toEqual([]);
    expect(await editor.diagnostics(page)).toEqual([]);
  });
});

describe('an editor that does not ask', () => {
  it('is told of findings, of every version the newest', async () => {
    const editor = await workspace.edit({ pulls: false });
    const file = editor.open(workspace.write('service.ts', unguarded));
    expect(await editor.told(file)).toHaveLength(1);
    for (const signal of ['5', '6', '7']) {
      editor.replace(file, /"https.*\)/, `"https://a.internal", { signal: AbortSignal.timeout(${signal}) })`);
    }
    expect(await editor.told(file)).toEqual([]);
  });

  it('is told again of a file that another one changes', async () => {
    const editor = await workspace.edit({ pulls: false });
    const service = editor.open(
      workspace.write(
        'service.ts',
        'import { init } from "./init.js";\nexport const load = () => fetch("/a", init);\n',
      ),
    );
    const init = editor.open(workspace.write('init.ts', 'export const init = { method: "GET" };\n'));
    expect(await editor.told(service)).toHaveLength(1);
    editor.replace(init, '"GET"', '"GET", signal: AbortSignal.timeout(5)');
    expect(await editor.told(init)).toEqual([]);
    await expect.poll(() => editor.told(service), patient).toEqual([]);
  });

  it('is told that a closed file has none', async () => {
    const editor = await workspace.edit({ pulls: false });
    const file = editor.open(workspace.write('service.ts', unguarded));
    expect(await editor.told(file)).toHaveLength(1);
    editor.close(file);
    expect(await editor.told(file)).toEqual([]);
  });
});

function cancellable(): { token: CancellationTokenSource['token']; cancel(): void } {
  const source = new CancellationTokenSource();
  return { token: source.token, cancel: () => source.cancel() };
}
