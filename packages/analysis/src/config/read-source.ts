import { readFileSync } from 'node:fs';
import type ts from 'typescript';
import { ConfigError } from './config-error.js';

/** The part of the compiler that reads configuration. TypeScript 7 has none of it: then only JSON can be read. */
export type ConfigCompiler = Partial<
  Pick<
    typeof ts,
    'ModuleKind' | 'ScriptTarget' | 'flattenDiagnosticMessageText' | 'parseConfigFileTextToJson' | 'transpileModule'
  >
>;

/** @throws {ConfigError} When the file cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new ConfigError(`${file}: cannot be read: ${messageOf(cause)}`, { file, cause });
  }
}

/** JSON, with comments and trailing commas as in tsconfig.json. @throws {ConfigError} With the place of a mistake. */
export function readJson(file: string, ts: ConfigCompiler): unknown {
  const text = readText(file);
  if (text.trim() === '') throw new ConfigError(`${file}: is empty`, { file });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (typeof ts.parseConfigFileTextToJson !== 'function') {
      throw new ConfigError(`${file}: is not JSON: ${messageOf(cause)}`, { file, cause });
    }
    // The compiler takes objects alone.
    const head = '{"value":';
    const { config, error } = ts.parseConfigFileTextToJson(file, `${head}${text}\n}`);
    if (error) throw syntaxError(file, text, { ...error, start: (error.start ?? 0) - head.length }, ts);
    return (config as { readonly value: unknown }).value;
  }
}

/** Source as CommonJS that Node runs at once: rules and editors cannot wait. @throws {ConfigError} With the place of a mistake. */
export function readAsCommonJs(file: string, ts: ConfigCompiler): string {
  const { transpileModule, ModuleKind, ScriptTarget } = ts;
  if (typeof transpileModule !== 'function' || !ModuleKind || !ScriptTarget) {
    throw new ConfigError(`${file}: takes a compiler that this TypeScript has not; write holdfast.config.json`, {
      file,
    });
  }
  const text = readText(file);
  const { outputText, diagnostics = [] } = transpileModule(text, {
    // `.mts` and `.mjs` would stay ES modules, whatever the options.
    fileName: file.replace(/\.[mc]([jt]s)$/, '.$1'),
    reportDiagnostics: true,
    compilerOptions: {
      module: ModuleKind.CommonJS,
      target: ScriptTarget.ES2022,
      esModuleInterop: true,
      allowJs: true,
    },
  });
  const [error] = diagnostics;
  if (error) throw syntaxError(file, text, error, ts);
  return outputText;
}

function syntaxError(
  file: string,
  text: string,
  { start = 0, messageText }: ts.Diagnostic,
  ts: ConfigCompiler,
): ConfigError {
  const before = text.slice(0, Math.max(0, start)).split('\n');
  const place = `${String(before.length)}:${String(before.at(-1)!.length + 1)}`;
  const message = ts.flattenDiagnosticMessageText?.(messageText, ' ') ?? String(messageText);
  return new ConfigError(`${file}:${place}: ${message}`, { file });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
