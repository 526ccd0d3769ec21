// Installs the packages when the lockfile is newer than what is installed.
import { execSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const installed = `${folder}node_modules/.package-lock.json`;
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(`${folder}package-lock.json`).mtimeMs) {
  console.log('installing the packages that the catalogue describes');
  execSync('npm ci --ignore-scripts', { cwd: folder, stdio: 'inherit' });
}
