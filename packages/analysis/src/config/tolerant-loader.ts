import { ConfigError } from './config-error.js';
import type { ConfigLoader } from './config-loader.js';

/** A configuration that is being edited is wrong half of the time: it then counts as none, and the log says why, once. */
export function tolerantLoader(loader: ConfigLoader, log: (problem: unknown) => void): ConfigLoader {
  let told: unknown;
  return {
    configFor(file) {
      try {
        return loader.configFor(file);
      } catch (error) {
        if (error !== told) log(error instanceof ConfigError ? error.message : error);
        told = error;
        return undefined;
      }
    },
  };
}
