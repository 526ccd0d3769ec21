import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import picocolors from 'picocolors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from './run.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const scratch = join(root, '.tsbuild/cli-configuration/');
const service = `import { Client } from '@acme/billing';
import axios from 'axios';
const client = new Client();
export class Orders {
  async charge(): Promise<unknown> {
    return client.charge(1);
  }
  async all(): Promise<unknown> {
    return axios.get('/orders');
  }
}
`;
const types = 'export declare class Client {\n  charge(amount: number): Promise<unknown>;\n}\n';
const billing = { module: '@acme/billing', types: { Client: { members: { charge: { effect: 'write' } } } } };
const proxied = { module: 'axios', timeout: true, because: 'the proxy gives up after 10 s' };

let folder: string;

beforeEach(() => {
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(scratch);
  const compilerOptions = { target: 'es2023', module: 'nodenext', lib: ['es2023'], types: ['node'], strict: true };
  write('tsconfig.json', { compilerOptions, include: ['src'] });
  write('package.json', { type: 'module', dependencies: { '@acme/billing': '1' } });
  write('.git', '');
  write('src/orders.ts', service);
  write('node_modules/@acme/billing/package.json', { name: '@acme/billing', types: './index.d.ts' });
  write('node_modules/@acme/billing/index.d.ts', types);
  symlinkSync(join(root, 'packages/analysis/node_modules/axios'), join(folder, 'node_modules/axios'));
});
afterEach(() => rmSync(scratch, { recursive: true }));

function write(name: string, text: string | object): void {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
}

async function holdfast(...args: string[]): Promise<{ code: number; out: string; notes: string }> {
  let [out, notes] = ['', ''];
  const colors = picocolors.createColors(false);
  const terminal = {
    cwd: folder,
    colors,
    out: (text: string) => void (out += text),
    notes: (text: string) => void (notes += text),
  };
  return { code: await run(args, terminal, '1.2.3'), out, notes };
}

const guarded = (out: string): string[] => out.match(/(?<=^-\s*return ).*(?=\()/gm) ?? [];

describe('the command with holdfast.config', () => {
  it('checks by the rows and assumptions of the project', async () => {
    expect((await holdfast('check')).out).toMatch(/^src\/orders\.ts:9:12 [^]*✗ 1 finding /);
    write('holdfast.config.json', { catalogue: [billing], assume: [proxied] });
    expect((await holdfast('check')).out).toMatch(/^src\/orders\.ts:6:12 [^]*✗ 1 finding /);
  });

  it('guards by them', async () => {
    const before = (await holdfast('guard')).out;
    write('holdfast.config.json', { catalogue: [billing], assume: [proxied] });
    const after = (await holdfast('guard')).out;
    expect([before.includes('1 call in 1 file'), after.includes('1 call in 1 file')]).toEqual([true, true]);
    expect(after).not.toBe(before);
    expect(guarded(before)).not.toEqual(['client.charge']);
  });

  it('gives a key to writes whose rows name the option for it, when asked to', async () => {
    const options = 'options?: { idempotencyKey?: string }';
    const charge = { effect: 'write', options: 1, keyOption: 'idempotencyKey' };
    write('node_modules/@acme/billing/index.d.ts', types.replace('number', `number, ${options}`));
    write('holdfast.config.json', {
      catalogue: [{ ...billing, types: { Client: { members: { charge } } } }],
      assume: [proxied],
    });
    expect((await holdfast('guard')).out).not.toMatch(/idempotencyKey|@Retry/);
    const { out } = await holdfast('guard', '--idempotency-keys');
    expect(out).toContain(`+import { randomUUID } from 'node:crypto';`);
    expect(out).toContain(
      '+    const idempotencyKey = randomUUID();\n' +
        '+    return chargePolicy.execute(() => client.charge(1, { idempotencyKey }));\n',
    );
    expect(out).toMatch(/^note .*idempotency-key: Its key makes the attempts of one call one\./m);
  });

  it('takes the rows that a dependency brings, and warns of those that it cannot use', async () => {
    const manifest = { name: '@acme/billing', types: './index.d.ts', holdfast: { catalogue: './rows.json' } };
    write('node_modules/@acme/billing/package.json', manifest);
    write('node_modules/@acme/billing/rows.json', [billing]);
    expect(await holdfast('check')).toMatchObject({ notes: '', out: expect.stringContaining('2 findings') as string });
    write('node_modules/@acme/billing/rows.json', [{ ...billing, kind: 'web' }]);
    const { out, notes } = await holdfast('check');
    expect(out).toContain('✗ 1 finding ');
    expect(notes).toMatch(/^holdfast: the rows of @acme\/billing are left out: .*kind: "web" is not one of http/);
  });

  it.each(['check', 'guard'])('ends %s with 2 and what is wrong in the configuration', async (command) => {
    write('holdfast.config.json', { catalogue: [{ ...billing, knd: 'http' }] });
    const { code, notes } = await holdfast(command);
    expect(code).toBe(2);
    expect(notes).toBe(
      `holdfast: ${join(folder, 'holdfast.config.json')}: catalogue[0] (@acme/billing), knd: unknown field, did you mean "kind"?\n`,
    );
  });
});
