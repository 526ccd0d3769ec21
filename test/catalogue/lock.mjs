// npm copies addresses and notices into the lockfile; ours names no host at all, so that it works with any registry.
import { readFileSync, writeFileSync } from 'node:fs';

const left = new Set(['resolved', 'funding', 'deprecated']);
const file = new URL('package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'), (key, value) => (left.has(key) ? undefined : value));
writeFileSync(file, JSON.stringify(lock, null, 2) + '\n');
