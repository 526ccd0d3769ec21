import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { ConfigError } from './config-error.js';
import { defineConfig } from './config.js';
import { messageOf, readAsCommonJs, readJson, type ConfigCompiler } from './read-source.js';

interface Module {
  /** What `exports` is before anything is assigned to it. */
  readonly initial: object;
  exports: unknown;
}

/**
 * What a configuration file exports. It is run at once, as CommonJS, with the files that it imports by a relative path.
 *
 * @param note Hears of every file that was read.
 * @throws {ConfigError} When it cannot be read or run, or exports nothing.
 */
export function evaluateConfig(file: string, ts: ConfigCompiler, note: (file: string) => void): unknown {
  const modules = new Map<string, Module>();

  function load(path: string): unknown {
    const known = modules.get(path);
    if (known) return known.exports;
    note(path);
    const initial = {};
    const module: Module = { initial, exports: initial };
    modules.set(path, module);
    if (path.endsWith('.json')) module.exports = readJson(path, ts);
    else run(path, module);
    return module.exports;
  }

  function run(path: string, module: Module): void {
    const code = readAsCommonJs(path, ts);
    const fromNode = createRequire(path);
    const from = (specifier: string): unknown => {
      // Whoever reads the file has it; the project need not install it beside the ESLint plugin or the command.
      if (specifier === '@holdfast/analysis/config') return { defineConfig };
      const source = /^\.{0,2}\//.test(specifier) ? sourceFile(resolve(dirname(path), specifier)) : undefined;
      return source === undefined ? (fromNode(specifier) as unknown) : load(source);
    };
    try {
      const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
      const body = compileFunction(code, parameters, { filename: path }) as (...given: unknown[]) => void;
      body(module.exports, from, module, path, dirname(path));
    } catch (cause) {
      if (cause instanceof ConfigError) throw cause;
      throw new ConfigError(`${path}: ${messageOf(cause)}${hint(cause)}`, { file: path, cause });
    }
  }

  const exported = load(file);
  const isModule = typeof exported === 'object' && exported !== null && '__esModule' in exported;
  const config = isModule ? (exported as { default?: unknown }).default : exported;
  const isEmpty =
    config === exported && exported === modules.get(file)?.initial && Object.keys(exported as object).length === 0;
  if (config === undefined || isEmpty) {
    throw new ConfigError(`${file}: exports no configuration: export default { … }`, { file });
  }
  return config;
}

/** The file behind a relative import; TypeScript writes the name of the output. */
function sourceFile(path: string): string | undefined {
  const candidates = [path, path.replace(/\.([cm]?)js$/, '.$1ts'), `${path}.ts`, `${path}.js`, `${path}.json`];
  return candidates.find(
    (candidate) => /\.(?:[cm]?[jt]s|json)$/.test(candidate) && statSync(candidate, { throwIfNoEntry: false })?.isFile(),
  );
}

/** A configuration is read while a rule or an editor waits. */
function hint(cause: unknown): string {
  const { code, name } = cause as { readonly code?: unknown; readonly name?: unknown };
  const isModule = code === 'ERR_REQUIRE_ESM' || code === 'ERR_REQUIRE_ASYNC_MODULE';
  const isSyntax = name === 'SyntaxError' && /await|import\.meta/.test(messageOf(cause));
  return isModule || isSyntax
    ? '. It is run at once, as CommonJS: without top-level await, import.meta and packages that need them; holdfast.config.json needs none'
    : '';
}
