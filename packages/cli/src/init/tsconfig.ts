import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modify, parse, type ParseError } from 'jsonc-parser';
import ts from 'typescript';
import { planFor, type Step } from './step.js';

const plugin = { name: '@holdfast/typescript-plugin' };
const entry = `compilerOptions.plugins: [${JSON.stringify(plugin)}]`;

/** Puts the plugin into the tsconfig of a package, comments and layout left as they are. */
export function planTsconfig(folder: string): Step {
  const file = join(folder, 'tsconfig.json');
  if (!existsSync(file))
    return { byHand: `there is no tsconfig.json in ${folder}: for the editor, make one with ${entry}` };
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const read = parse(text, errors, { allowTrailingComma: true }) as
    { compilerOptions?: { plugins?: unknown } } | undefined;
  if (errors.length > 0) return { byHand: `tsconfig.json has syntax errors: when they are mended, add ${entry}` };
  const own = read?.compilerOptions?.plugins;
  const parsed = ts.getParsedCommandLineOfConfigFile(file, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: () => undefined,
  });
  const effective = (parsed?.options['plugins'] ?? []) as { name?: string }[];
  if (effective.some(({ name }) => name === plugin.name)) return undefined;
  // A list of our own would take the place of the inherited one.
  if (own === undefined && effective.length > 0) {
    return { byHand: `tsconfig.json inherits its plugins: add ${JSON.stringify(plugin)} where they are listed` };
  }
  const path = ['compilerOptions', 'plugins', ...(Array.isArray(own) ? [own.length] : [])];
  const value = Array.isArray(own) ? plugin : [plugin];
  const edits = modify(text, path, value, { isArrayInsertion: Array.isArray(own), formattingOptions: layoutOf(text) });
  const planned = edits.map(({ offset, length, content }) => ({ start: offset, end: offset + length, text: content }));
  return planFor(folder, 'tsconfig.json', text, planned);
}

function layoutOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
