import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAnalyzer, serviceMap } from '@holdfast/analysis';
import ts from 'typescript';
import { expect, it } from 'vitest';

it('the page of the map shows what is drawn of map.ts', () => {
  const file = fileURLToPath(new URL('./map.ts', import.meta.url));
  const options = { strict: true, types: ['node'], module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023 };
  const program = ts.createProgram([file], options);
  const map = serviceMap([createAnalyzer({ ts, program }).callGraph([file], (name) => basename(name))]);
  const page = readFileSync(new URL('../map.md', import.meta.url), 'utf8');
  const shown = /```json\n([^]*?)```/.exec(page)?.[1] ?? '{}';
  expect(JSON.parse(shown)).toEqual({ version: 1, ...map });
});
