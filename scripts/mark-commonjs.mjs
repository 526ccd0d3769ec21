// Node reads the nearest package.json to tell a file's module format: the CommonJS emit needs its own.
import { mkdirSync, writeFileSync } from 'node:fs';

const folder = new URL('../packages/runtime/dist/cjs/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('package.json', folder), '{ "type": "commonjs" }\n');
