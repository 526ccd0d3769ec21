import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnalyzer, type Catalogue, type Config, type OutboundCall } from '../index.js';

/** What the analysis says of a file by its name, which it parses only if the text makes it. */
function byName(file: string, config?: Config): readonly OutboundCall[] {
  return createAnalyzer({ ts, config }).outboundCalls(file);
}

function parsed(file: string, config?: Config): readonly OutboundCall[] {
  const text = readFileSync(file, 'utf8');
  return createAnalyzer({ ts, config }).outboundCalls(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
}

describe('a file that is not parsed', () => {
  const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
  const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

  it.each(files)('has no outbound calls: %s', (name) => {
    const file = join(fixtures, name);
    expect(byName(file)).toEqual(parsed(file));
  });
});

describe('a client that comes', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'holdfast-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const get = "export const load = () => client.get('/items');\n";
  it.each<[string, Record<string, string>]>([
    ['by an import behind a comment', { 'main.ts': `import client from /* http */ 'axios';\n${get}` }],
    ['by a specifier on a line of its own', { 'main.ts': `import client from\n\t'axios';\n${get}` }],
    ['by a specifier with an escape', { 'main.ts': `import client from 'ax\\u0069os';\n${get}` }],
    ['by require', { 'main.ts': `const client = require('axios');\n${get}` }],
    ['by import equals', { 'main.ts': `import client = require("axios");\n${get}` }],
    [
      'as a type alone',
      { 'main.ts': `export const load = (client: import('axios').AxiosInstance) => client.get('/items');\n` },
    ],
    [
      'through a chain of files that import each other',
      {
        'main.ts': `import { client } from './a.js';\n${get}`,
        'a.ts': "export * from './b';\nexport * from './main.js';\n",
        'b.ts': "export { client } from './deep/index.js';\n",
        'deep/index.ts': "import axios from 'axios';\nexport const client = axios.create();\n",
      },
    ],
    [
      'through an alias of the project',
      {
        'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { '@/*': ['./src/*'] } } }),
        'src/main.ts': `import { client } from '@/client';\n${get}`,
        'src/client.ts': "import axios from 'axios';\nexport const client = axios.create();\n",
      },
    ],
    [
      'from a generator',
      {
        'main.ts':
          "import { PrismaClient } from './made/client';\nconst client = new PrismaClient();\nexport const load = () => client.user.findMany();\n",
      },
    ],
  ])('%s is found', (_, files) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const main = join(folder, 'main.ts' in files ? 'main.ts' : 'src/main.ts');
    expect(byName(main)).toHaveLength(1);
    expect(byName(main)).toEqual(parsed(main));
  });

  // Rows of a project say no more than they must: files with nothing else were never parsed.
  it.each<[string, string, Catalogue]>([
    [
      'from a package that the project alone knows',
      "import { charge } from 'acme';\nexport const pay = async () => charge();\n",
      [{ module: 'acme', exports: { charge: { effect: 'write' } } }],
    ],
    [
      'as a global class that the project alone knows',
      'export const pay = async () => new Till().charge();\n',
      [{ module: 'global', types: { Till: { members: { charge: { effect: 'write' } } } } }],
    ],
  ])('%s is found', (_, text, catalogue) => {
    const main = join(folder, 'main.ts');
    writeFileSync(main, text);
    expect(byName(main, { catalogue })).toHaveLength(1);
    expect(byName(main, { catalogue })).toEqual(parsed(main, { catalogue }));
  });
});
