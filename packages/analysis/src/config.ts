// What reads files is apart from the analysis, which knows no file system but the compiler's.
export { createConfigLoader } from './config/config-loader.js';
export type { ConfigLoader, ConfigLoaderOptions } from './config/config-loader.js';
export { ConfigError } from './config/config-error.js';
export { defineConfig } from './config/config.js';
export type { Assumption, Config } from './config/config.js';
export { createConfiguredAnalyzer } from './config/configured-analyzer.js';
export { withOlderDefaults } from './config/older-compiler.js';
export { parseConfig } from './config/parse-config.js';
export { tolerantLoader } from './config/tolerant-loader.js';
export type { ConfigCompiler } from './config/read-source.js';
