// Are the packages, as npm will get them, well-formed for everyone who imports them? One line per check; exit code 1 after a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const { packageManager } = manifestOf(root);

/** These also serve CommonJS, and compilers that do not read `exports`. */
const alsoCommonJs = new Set(['@holdfast/runtime', '@holdfast/typescript-plugin']);
/** Commands alone: nobody imports them. */
const withoutTypes = new Set(['holdfast', '@holdfast/language-server']);

const packages = readdirSync(join(root, 'packages'))
  .map((folder) => manifestOf(join(root, 'packages', folder)))
  .filter((manifest) => !manifest.private);
const tarballs = mkdtempSync(join(tmpdir(), 'holdfast-packages-'));
let failures = 0;

try {
  // pnpm alone rewrites its `workspace:` and `catalog:` specifiers.
  const pack = ['-y', packageManager, '-r', '--filter', './packages/*', 'pack', '--pack-destination', tarballs];
  if (check('all packages', 'pack', 'npx', pack)) {
    for (const { name, version } of packages) {
      const tarball = join(tarballs, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
      check(name, 'publint', process.execPath, [bin('publint'), 'run', tarball, '--strict', '--level', 'warning']);
      const profile = alsoCommonJs.has(name) ? 'strict' : 'esm-only';
      const attw = [bin('@arethetypeswrong/cli'), tarball, '--no-emoji', '--no-color', '--profile', profile];
      check(name, 'attw', process.execPath, attw, withoutTypes.has(name) ? undefined : /does not contain types/);
    }
  }
} finally {
  rmSync(tarballs, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;

/** @param {RegExp} [isFailure] What in the output tells a failure that the exit code does not. */
function check(subject, name, command, args, isFailure) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  const isFine = status === 0 && !isFailure?.test(stdout);
  console.log(`${isFine ? 'ok  ' : 'FAIL'} ${subject}: ${name}`);
  if (!isFine) {
    failures++;
    console.log([error?.message, stdout, stderr].filter(Boolean).join('\n'));
  }
  return isFine;
}

function bin(packageName) {
  const folder = join(root, 'node_modules', packageName);
  const { bin: entry } = manifestOf(folder);
  return join(folder, typeof entry === 'string' ? entry : Object.values(entry)[0]);
}
