import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { seededRandom } from '@holdfast/runtime/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applied, randomEdit, type TextEdit } from '../testing/random-edits.js';
import { compilers, startServer, type Server, type ServerFix } from '../testing/tsserver.js';

/** How many times the usual number of edits, for a long hunt. */
const SOAK = Number(process.env['SOAK'] ?? 1);
const repository = resolve(import.meta.dirname, '../../..');

let folder: string;
let running: { readonly server: Server; readonly log: string }[];
/** What is on the screen, by file. */
let texts: Map<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  running = [];
  cpSync(join(repository, 'examples/checkout/service/src'), join(folder, 'src/checkout'), { recursive: true });
  cpSync(join(repository, 'packages/analysis/fixtures'), join(folder, 'src/fixtures'), {
    recursive: true,
    // Those with something to show.
    filter: (path) => !/\.json$|\/valid$/.test(path),
  });
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  symlinkSync(join(repository, 'packages/analysis/node_modules'), join(folder, 'src/node_modules'));
  const base = readFileSync(join(repository, 'packages/analysis/fixtures/tsconfig.base.json'), 'utf8');
  const { compilerOptions } = JSON.parse(base) as { compilerOptions: object };
  const plugins = [{ name: '@holdfast/typescript-plugin', preset: 'strict' }];
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, plugins }, include: ['src'] }),
  );
  const names = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts') && !name.includes('node_modules')).sort();
  texts = new Map(files.map((name) => [join(folder, 'src', name), readFileSync(join(folder, 'src', name), 'utf8')]));
});

afterEach(async () => {
  await Promise.all(running.map(({ server }) => server.stop()));
  rmSync(folder, { recursive: true });
});

function start(compiler: string): Server {
  const log = join(folder, `tsserver-${String(running.length)}.log`);
  const server = startServer(compiler, log);
  running.push({ server, log });
  for (const [file, text] of texts) server.replace(file, text);
  return server;
}

/** Where a position is, as tsserver counts. */
function placeOf(text: string, position: number): { readonly line: number; readonly offset: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, offset: before.at(-1)!.length + 1 };
}

function change(server: Server, file: string, edit: TextEdit): TextEdit {
  const before = texts.get(file)!;
  const end = placeOf(before, edit.end);
  server.change(file, {
    ...placeOf(before, edit.start),
    endLine: end.line,
    endOffset: end.offset,
    text: edit.text,
  });
  const { text, undo } = applied(before, edit);
  texts.set(file, text);
  return undo;
}

async function hover(server: Server, file: string, at: { line: number; offset: number }): Promise<string | undefined> {
  // tsserver fails the request where there is nothing to tell.
  const info = await server.ask<{ documentation: string }>('quickinfo', { file, ...at }).catch((error: Error) => {
    if (error.message === 'No content available.') return undefined;
    throw error;
  });
  return /\*\*Holdfast\*\*[^]*/.exec(info?.documentation ?? '')?.[0];
}

/** All that the plugin shows of a file. */
async function shown(server: Server, file: string): Promise<unknown> {
  const diagnostics = await server.diagnostics(file);
  const findings = [];
  for (const finding of diagnostics.filter(({ source }) => source === 'holdfast')) {
    const fixes = await server.ask<readonly ServerFix[]>('getCodeFixes', {
      file,
      startLine: finding.start.line,
      startOffset: finding.start.offset,
      endLine: finding.end.line,
      endOffset: finding.end.offset,
      errorCodes: [finding.code],
    });
    findings.push({ finding, fixes, hover: await hover(server, file, finding.start) });
  }
  const text = texts.get(file)!;
  const hovers = [];
  for (const { index } of text.matchAll(/\w+(?=\()/g)) hovers.push(await hover(server, file, placeOf(text, index)));
  return { findings, hovers };
}

/** What went wrong in the plugin, and what failed in tsserver. */
function faultsIn(log: string): readonly string[] {
  return readFileSync(log, 'utf8').match(/^.*(?:holdfast: |Exception on executing)[^]*?(?=\nInfo|\nErr|$)/gm) ?? [];
}

// Fewer with the oldest compiler: what differs there is the compiler.
it.each([
  ['6.0', 50],
  ['5.4', 10],
] as const)(
  'random edits in TypeScript %s raise no fault, and leave what a fresh start shows',
  { timeout: 120_000 * SOAK },
  async (version, edits) => {
    const server = start(compilers[version]);
    const random = seededRandom(1);
    const below = (limit: number): number => Math.floor(random() * limit);
    const files = [...texts.keys()];
    const originals = [...texts.values()];
    const undos: { readonly file: string; readonly edit: TextEdit }[] = [];

    const look = async (file: string): Promise<void> => {
      await shown(server, file);
      const at = { file, ...placeOf(texts.get(file)!, below(texts.get(file)!.length)) };
      await server.ask('getApplicableRefactors', at);
    };

    for (let round = 0; round < SOAK; round += 1) {
      for (let done = 0; done < edits;) {
        // Somebody takes back most of what was done, and works in a file for a while.
        for (let left = random() < 0.7 ? undos.length : below(undos.length); left > 0; left -= 1) {
          const { file, edit } = undos.pop()!;
          change(server, file, edit);
          if (random() < 0.2) await look(file);
        }
        const file = files[below(files.length)]!;
        for (let left = 1 + below(10); left > 0; left -= 1, done += 1) {
          undos.push({ file, edit: change(server, file, randomEdit(texts.get(file)!, random, originals)) });
          await look(random() < 0.8 ? file : files[below(files.length)]!);
        }
      }
      const fresh = start(compilers[version]);
      // The other way round: what was asked for before makes no difference either.
      for (const file of files.toReversed()) {
        const [now, expected] = await Promise.all([shown(server, file), shown(fresh, file)]);
        expect(now, file).toEqual(expected);
      }
      await fresh.stop();
      for (const { log } of running) expect(faultsIn(log)).toEqual([]);
    }
  },
);
