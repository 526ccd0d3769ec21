import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  lstatSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  analyzeFile,
  applyPlans,
  loadProject,
  planGuard,
  StalePlanError,
  verify,
  type Plan,
  type Verdict,
} from './index.js';

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const service =
  'export async function ping(): Promise<boolean> {\n  return (await fetch("https://a.internal")).ok;\n}\n';

let folder: string;

function write(name: string, text: string, mode = 0o644): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode });
  return file;
}

/** What the command does, short of writing. */
function plan(file: string): Verdict {
  const project = loadProject(join(folder, 'tsconfig.json'));
  return verify(project.program, [planGuard(analyzeFile(project, file))])[0]!;
}

function apply(planned: Plan): void {
  applyPlans([planned], { root: folder, command: 'guard', now: new Date() });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  mkdirSync(join(folder, 'node_modules/@holdfast'), { recursive: true });
  symlinkSync(join(modules, '@holdfast/runtime'), join(folder, 'node_modules/@holdfast/runtime'));
  symlinkSync(join(modules, '@types'), join(folder, 'node_modules/@types'));
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    lib: ['es2023'],
    types: ['node'],
    noEmit: true,
    strict: true,
  };
  write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  write('package.json', '{ "type": "module" }');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('applyPlans', () => {
  it('keeps byte order mark, line breaks and mode, and leaves nothing else behind', () => {
    const file = write('ping.ts', `\uFEFF${service.replaceAll('\n', '\r\n')}`, 0o755);
    const { plan: planned, newErrors } = plan(file);
    expect(newErrors).toEqual([]);
    apply(planned);
    const text = readFileSync(file, 'utf8');
    expect(text.startsWith('\uFEFFimport { circuitBreaker')).toBe(true);
    expect(text.match(/(?<!\r)\n/g)).toBeNull();
    expect(text.lastIndexOf('\uFEFF')).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o755);
    expect(readdirSync(folder).sort()).toEqual([
      '.holdfast',
      'node_modules',
      'package.json',
      'ping.ts',
      'tsconfig.json',
    ]);
    expect(plan(file).plan.edits).toEqual([]);
  });

  it('refuses a file that changed after it was planned', () => {
    const file = write('ping.ts', service);
    const { plan: planned } = plan(file);
    writeFileSync(file, `${service}// edited\n`);
    expect(() => apply(planned)).toThrow(StalePlanError);
    expect(readFileSync(file, 'utf8')).toBe(`${service}// edited\n`);
  });

  it('writes through a link and leaves the link in place', () => {
    const target = write('target.txt', service);
    const file = join(folder, 'ping.ts');
    symlinkSync(target, file);
    apply({ ...plan(target.replace('target.txt', 'ping.ts')).plan, file });
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toContain('pingPolicy.execute');
  });

  it('does nothing for an empty plan', () => {
    const file = write('quiet.ts', 'export const a = 1;\n');
    const { plan: planned } = plan(file);
    rmSync(file);
    expect(() => apply(planned)).not.toThrow();
  });
});

describe('loadProject', () => {
  it('sees the standard library and the module format that the compiler sees', () => {
    write('package.json', '{ "type": "commonjs" }');
    const file = write('wait.ts', 'export const a: Promise<number> = Promise.resolve(1);\nawait a;\n');
    const { program } = loadProject(join(folder, 'tsconfig.json'));
    expect([...program.getGlobalDiagnostics(), ...program.getOptionsDiagnostics()]).toEqual([]);
    expect(program.getSemanticDiagnostics(program.getSourceFile(file)).map(({ code }) => code)).toEqual([1309]);
  });
});
