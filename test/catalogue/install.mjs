// Installs the packages unless that was done with this lockfile already.
import { execSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const lock = readFileSync(`${folder}package-lock.json`, 'utf8');
const installed = `${folder}node_modules/.installed-lock.json`;
if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  console.log('installing the packages that the catalogue describes');
  execSync('npm ci --ignore-scripts', { cwd: folder, stdio: 'inherit' });
  writeFileSync(installed, lock);
}
