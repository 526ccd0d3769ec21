// `tsc -b` leaves the output of a source that is gone, and packing would ship it.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../packages', import.meta.url));
for (const name of readdirSync(packages)) {
  const output = join(packages, name, 'dist');
  if (!existsSync(output)) continue;
  for (const file of readdirSync(output, { recursive: true })) {
    if (!file.endsWith('.map')) continue;
    const map = join(output, file);
    const { sources } = JSON.parse(readFileSync(map, 'utf8'));
    if (sources.some((source) => existsSync(join(dirname(map), source)))) continue;
    rmSync(map);
    rmSync(map.slice(0, -'.map'.length), { force: true });
  }
}
