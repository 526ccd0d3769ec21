import { basename, dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isWithin, type Config } from './program.js';

/**
 * The project that a file is planned in: of those that list it, the one nearest to it, one that is not for tests, one that others refer
 * to. Undefined for a file that none lists, which is part of a project by an import alone.
 */
export function createOwners(configs: readonly Config[]): (file: string) => string | undefined {
  const owners = new Map<string, Config>();
  for (const config of configs) {
    for (const name of config.fileNames) {
      const file = resolve(name);
      const rival = owners.get(file);
      if (!rival || isBetter(config, rival, file)) owners.set(file, config);
    }
  }
  return (file) => owners.get(resolve(file))?.tsconfig;
}

function isBetter(config: Config, rival: Config, file: string): boolean {
  const ranks = [config, rival].map(({ tsconfig, options }) => [
    isWithin(file, dirname(tsconfig)) ? dirname(tsconfig).length : 0,
    /(?:test|spec|e2e)/i.test(basename(tsconfig)) ? 0 : 1,
    options.composite === true ? 1 : 0,
  ]);
  const difference = ranks[0]!.map((rank, index) => rank - ranks[1]![index]!).find((difference) => difference !== 0);
  return difference !== undefined && difference > 0;
}

/** Whether what type-checks in one project type-checks in another: it has no other files, and judges them alike. */
export function isCovered(config: Config, by: Config): boolean {
  const files = new Set(by.fileNames);
  return config.fileNames.every((file) => files.has(file)) && isDeepStrictEqual(judging(config), judging(by));
}

/** What only says what is written where. */
const output = new Set([
  'configFilePath',
  'declarationMap',
  'emitDeclarationOnly',
  'incremental',
  'inlineSourceMap',
  'inlineSources',
  'noEmit',
  'noEmitOnError',
  'outDir',
  'removeComments',
  'rootDir',
  'sourceMap',
  'tsBuildInfoFile',
]);

function judging({ options }: Config): object {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !output.has(name)));
}
