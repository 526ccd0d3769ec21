import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { node, run, start, stop } from './processes.js';

const folderOf = (app: string) => fileURLToPath(new URL(`apps/${app}`, import.meta.url));
const compile = (folder: string) => node(folder, 'node_modules/typescript/bin/tsc');

describe('a NestJS application (CommonJS, experimentalDecorators, emitDecoratorMetadata)', () => {
  const folder = folderOf('nest');
  let child: ChildProcess | undefined;
  let address: string;

  beforeAll(async () => {
    await compile(folder);
    ({ child, line: address } = await start(folder, 'dist/main.js'));
  });
  afterAll(() => stop(child));

  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${address}/prices/${path}`, init);
    const text = await response.text();
    return { status: response.status, by: response.headers.get('x-answered-by'), body: text };
  };
  const asAdmin = { headers: { 'x-role': 'admin' } };

  it.each(['below', 'above'])('answers on a route with our decorators %s those of Nest', async (place) => {
    expect(await ask(`${place}/apple?amount=3`)).toEqual({ status: 200, by: place, body: '3 x apple in EUR' });
  });

  it.each(['below', 'above'])('runs the pipes of the parameters, with our decorators %s', async (place) => {
    const { status, body } = await ask(`${place}/apple?amount=many`);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ message: 'Validation failed (numeric string is expected)' });
  });

  it('keeps what stands between several of our decorators', async () => {
    expect(await ask('between', { method: 'POST' })).toMatchObject({ status: 202, body: '{"accepted":true}' });
    expect((await ask('between')).status).toBe(404);
  });

  it.each(['guarded-below', 'guarded-above', 'guarded-around'])('still protects %s', async (route) => {
    expect((await ask(route)).status).toBe(403);
    expect((await ask(route, { headers: { 'x-role': 'reader' } })).status).toBe(403);
    expect(await ask(route, asAdmin)).toMatchObject({ status: 200, body: 'secret' });
  });

  it('gives a timeout of a route or of a service to the exception filter', async () => {
    const slow = await ask('slow');
    expect(slow.status).toBe(503);
    expect(JSON.parse(slow.body)).toEqual({ code: 'HOLDFAST_TIMEOUT', policy: 'PriceController.slow' });
    const forecast = await ask('forecast');
    expect(forecast.status).toBe(503);
    expect(JSON.parse(forecast.body)).toEqual({ code: 'HOLDFAST_TIMEOUT', policy: 'PriceService.forecast' });
  });

  it('iterates a guarded async generator', async () => {
    expect(await ask('history')).toMatchObject({ status: 200, body: '[1,2,3]' });
  });

  it('finds all metadata where it was', async () => {
    expect(JSON.parse((await ask('metadata')).body)).toEqual({
      names: ['below', 'above', 'guardedAround'],
      lengths: [2, 2],
      paths: ['below/:id', 'above/:id'],
      roles: ['admin'],
      types: ['String', 'Number'],
      returns: 'Promise',
    });
  });
});

describe('a Jest project (CommonJS, no transform)', () => {
  it('passes, fake timers included', async () => {
    const { exitCode, stderr } = await run(process.execPath, ['node_modules/jest/bin/jest.js'], folderOf('jest'));
    expect(stderr).toMatch(/Tests: +(\d+) passed, \1 total/);
    expect(exitCode).toBe(0);
  });
});

describe('an ES module application (standard decorators)', () => {
  const folder = folderOf('esm');
  beforeAll(() => compile(folder));

  it('runs decorated methods, fields, statics, #private methods and generators', async () => {
    expect(await node(folder, 'dist/decorators.js')).toBe('standard decorators work\n');
  });

  it('can load the package as both kinds of module, and a second copy of it', async () => {
    expect((await node(folder, 'dist/copies.js')).trimEnd().split('\n')).toEqual([
      'import and require give the same classes',
      'instanceof holds across two copies',
      'a refusal of one copy is known by the other',
      'the context of one serves the other',
    ]);
  });
});
