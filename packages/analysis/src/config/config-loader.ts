import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { Config } from './config.js';
import { dependencyRows, namesDependencies } from './dependency-rows.js';
import { evaluateConfig } from './evaluate.js';
import { parseConfig } from './parse-config.js';
import { readJson, type ConfigCompiler } from './read-source.js';

/** The names a configuration may have; of several in one folder, the first. */
const names = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'].map((ending) => `holdfast.config.${ending}`);

export interface ConfigLoaderOptions {
  /** The compiler at hand: it reads JSON, and turns TypeScript into what Node runs. */
  readonly ts: ConfigCompiler;
  /** Hears of rows of a dependency that cannot be used. */
  readonly onWarning?: (message: string) => void;
  /** How long an answer holds before the files are looked at again, in ms. Default: 1000. */
  readonly maxAge?: number;
}

/** Finds and reads the configuration of files. */
export interface ConfigLoader {
  /**
   * The nearest `holdfast.config.*` from the file upwards, to the root of the repository, over the rows that the
   * dependencies of its package bring. The same object as long as none of the files behind it changes.
   *
   * @throws {ConfigError} `HOLDFAST_CONFIG`, when it cannot be read or says what no configuration may.
   */
  configFor(file: string): Config | undefined;
}

/** Rules and editors cannot wait: everything is read at once. */
export function createConfigLoader({
  ts,
  onWarning = () => undefined,
  maxAge = 1_000,
}: ConfigLoaderOptions): ConfigLoader {
  const configOf = whileUnchanged((file, note) => {
    note(file);
    const value = file.endsWith('.json') ? readJson(file, ts) : evaluateConfig(file, ts, note);
    return parseConfig(value, file);
  });
  const rowsOf = whileUnchanged((file, note) => {
    note(file);
    return dependencyRows(file, ts, note, onWarning);
  });
  const isProject = whileUnchanged((file, note) => {
    note(file);
    return namesDependencies(file, ts);
  });
  const answers = new Map<string, { readonly until: number; readonly config: Answer<Config | undefined> }>();
  const combined = new WeakMap<object, { readonly config: Config | undefined; readonly result: Config }>();

  function combine(config: Config | undefined, rows: Catalogue | undefined): Config | undefined {
    if (!rows?.length) return config;
    const known = combined.get(rows);
    if (known && known.config === config) return known.result;
    const result = { ...config, catalogue: [...rows, ...(config?.catalogue ?? [])] };
    combined.set(rows, { config, result });
    return result;
  }

  function find(folder: string): Config | undefined {
    let config: string | undefined;
    let manifest: string | undefined;
    for (const place of upwards(folder)) {
      config ??= names.map((name) => join(place, name)).find(isFile);
      const file = join(place, 'package.json');
      if (manifest === undefined && isFile(file) && isProject(file)) manifest = file;
      if (config !== undefined && manifest !== undefined) break;
    }
    return combine(
      config === undefined ? undefined : configOf(config),
      manifest === undefined ? undefined : rowsOf(manifest),
    );
  }

  return {
    configFor(file) {
      const folder = dirname(resolve(file));
      let answer = answers.get(folder);
      if (!answer || answer.until <= Date.now()) {
        answer = { config: attempt(() => find(folder)), until: Date.now() + maxAge };
        answers.set(folder, answer);
      }
      return valueOf(answer.config);
    },
  };
}

type Answer<T> = { readonly value: T } | { readonly error: unknown };

function attempt<T>(compute: () => T): Answer<T> {
  try {
    return { value: compute() };
  } catch (error) {
    return { error };
  }
}

function valueOf<T>(answer: Answer<T>): T {
  if ('error' in answer) throw answer.error;
  return answer.value;
}

/** What was read from a file, or the error it ended in, until one of the files that were read for it changes. */
function whileUnchanged<T>(read: (file: string, note: (file: string) => void) => T): (file: string) => T {
  const known = new Map<string, { readonly stamps: ReadonlyMap<string, string>; readonly answer: Answer<T> }>();
  return (file) => {
    let entry = known.get(file);
    if (!entry || [...entry.stamps].some(([path, stamp]) => stampOf(path) !== stamp)) {
      const stamps = new Map<string, string>();
      const answer = attempt(() => read(file, (path) => void stamps.set(path, stampOf(path))));
      known.set(file, (entry = { stamps, answer }));
    }
    return valueOf(entry.answer);
  };
}

function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${String(stats.mtimeMs)} ${String(stats.size)}` : '';
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A folder and those it is in, to the root of the repository or of the file system. */
function* upwards(folder: string): Iterable<string> {
  for (let place = folder; ; place = dirname(place)) {
    yield place;
    if (existsSync(join(place, '.git')) || place === dirname(place)) return;
  }
}
