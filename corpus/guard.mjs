// node corpus/guard.mjs <checkout>…: what `holdfast guard` promises, proven on real repositories. Each is guarded, judged and given
// back; it has to be a clean git checkout in which @holdfast/runtime can be resolved. Ends with 1 when a promise is broken.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProject } from '@holdfast/codemods';

const holdfast = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-guard-'));
let isBroken = false;
for (const checkout of process.argv.slice(2)) prove(resolve(checkout));
rmSync(scratch, { recursive: true });
process.exitCode = isBroken ? 1 : 0;

function prove(checkout) {
  const before = { tree: treeOf(checkout), errors: errorsOf(checkout) };
  const first = guard(checkout, '--write');
  const changed = git(checkout, 'diff', '--name-only', '--relative').split('\n').filter(Boolean).sort();
  const planned = first.files.filter(({ state }) => state === 'written').map(({ file }) => file);
  const worse = worseFiles(before.errors, errorsOf(checkout));
  const second = guard(checkout);
  run(checkout, 'undo');
  const { totals } = first;
  const promises = {
    'no file type-checks worse': worse.length === 0,
    'only what was planned is changed': String(changed) === String(planned.sort()),
    'a second run changes nothing': second.totals.changed === 0 && second.totals.refusedFiles === 0,
    'undo gives the tree back': treeOf(checkout) === before.tree,
    'every call is accounted for':
      totals.outboundCalls > 0 &&
      first.files.flatMap(({ calls }) => calls).length === totals.outboundCalls &&
      first.files.every(({ calls }) => calls.every(({ state }) => state)),
  };
  const { outboundCalls, guarded, skipped, left, refused, changedFiles, refusedFiles } = totals;
  console.log(
    `${basename(checkout)}: ${outboundCalls} calls, ${guarded} guarded before, ${totals.changed} changed in ${changedFiles} files, ` +
      `${skipped} skipped, ${left} left, ${refused} in ${refusedFiles} refused files; skipped: ${JSON.stringify(first.skipReasons)}`,
  );
  for (const [promise, isKept] of Object.entries(promises)) {
    console.log(`  ${isKept ? 'ok    ' : 'BROKEN'} ${promise}`);
    isBroken ||= !isKept;
  }
  for (const line of worse.slice(0, 10)) console.log(`         ${line}`);
}

function guard(checkout, ...options) {
  const report = join(scratch, 'report.json');
  run(checkout, 'guard', '--report', report, ...options);
  return JSON.parse(readFileSync(report, 'utf8'));
}

function run(checkout, ...args) {
  const { status, stderr } = spawnSync(process.execPath, [holdfast, ...args], {
    cwd: checkout,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0 && status !== 1) throw new Error(`holdfast ${args.join(' ')} in ${checkout}: ${stderr}`);
}

function git(checkout, ...args) {
  return spawnSync('git', args, { cwd: checkout, encoding: 'utf8', maxBuffer: 2 ** 30 }).stdout;
}

/** One hash over every file that git knows or would know. */
function treeOf(checkout) {
  const files = git(checkout, 'ls-files', '-co', '--exclude-standard', '-z').split('\0').filter(Boolean).sort();
  const hash = createHash('sha256');
  for (const file of new Set(files)) {
    try {
      hash.update(`${file}\0`).update(readFileSync(join(checkout, file)));
    } catch {
      // A link to a folder, or a file that the checkout has deleted.
    }
  }
  return hash.digest('hex');
}

/** Every error of the whole project, file by file, asked of a program of its own. */
function errorsOf(checkout) {
  const { program } = loadProject(join(checkout, 'tsconfig.json'));
  const errors = new Map();
  for (const source of program.getSourceFiles()) {
    if (source.isDeclarationFile) continue;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    errors.set(
      source.fileName,
      found.map(({ code, messageText }) => `${code} ${JSON.stringify(messageText.messageText ?? messageText)}`),
    );
  }
  return errors;
}

function worseFiles(before, after) {
  return [...after].flatMap(([file, errors]) => {
    const left = [...(before.get(file) ?? [])];
    return errors.flatMap((error) => {
      const index = left.indexOf(error);
      if (index < 0) return [`${file}: ${error}`];
      left.splice(index, 1);
      return [];
    });
  });
}
