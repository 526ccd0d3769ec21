#!/usr/bin/env node
// Lints the labelled repositories and scores the result.
// Usage: node corpus/run.mjs --checkouts <folder> [--mode typed|untyped|bare] [--only <text>] [--all] [--misses]
//   <folder>/<owner>__<name>        the repository at the commit of its labels, dependencies installed
//   <folder>/<owner>__<name>.bare   the same without dependencies
// Modes: typed (a program, dependencies installed), bare (a program, no dependencies), untyped (no program at all).
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import holdfast from '@holdfast/eslint-plugin';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { readJsonl, readResults, score, scoreRetries } from './score.mjs';

const { values } = parseArgs({
  options: {
    checkouts: { type: 'string' },
    mode: { type: 'string', default: 'typed' },
    only: { type: 'string', default: '' },
    all: { type: 'boolean', default: false },
    misses: { type: 'boolean', default: false },
    tier: { type: 'string', default: 'core' },
    out: { type: 'string' },
  },
});
if (!values.checkouts || !['typed', 'bare', 'untyped'].includes(values.mode)) {
  console.error('usage: node corpus/run.mjs --checkouts <folder> [--mode typed|bare|untyped] [--only <text>]');
  process.exit(2);
}

const here = fileURLToPath(new URL('.', import.meta.url));
const share = ({ flagged, total }) => `${flagged}/${total}`;
const percent = (part) => (part === null ? '–' : `${(100 * part).toFixed(1)} %`);

if (process.send) process.send(await scoreOf(values.only));
else await scoreAll();

/** Each repository has a process of its own: the programs of all of them would not fit into one. */
async function scoreAll() {
  const sums = { found: 0, unguarded: 0, wrong: 0, retries: 0, retriesFound: 0, retriesWrong: 0 };
  for (const name of readdirSync(join(here, 'labels')).filter((name) => name.includes(values.only))) {
    const repository = name.replace(/\.jsonl$/, '');
    const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--only', repository]);
    const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (answer !== null && typeof answer === 'object')
      for (const key of Object.keys(sums)) sums[key] += answer[key] ?? 0;
    else console.log(`${repository}: failed with exit code ${answer}`);
  }
  const { found, unguarded, wrong } = sums;
  console.log(
    `all: recall ${percent(unguarded ? found / unguarded : null)} (${found}/${unguarded}), precision ${percent(found + wrong ? found / (found + wrong) : null)} (${wrong} wrong); ` +
      `non-idempotent retries ${sums.retriesFound}/${sums.retries}, idempotent ones reported ${sums.retriesWrong}`,
  );
}

async function scoreOf(repository) {
  const root = resolve(values.checkouts, values.mode === 'typed' ? repository : `${repository}.bare`);
  if (!existsSync(root)) {
    console.log(`${repository}: no checkout at ${root}`);
    return {};
  }
  const name = `${repository}.jsonl`;
  const labels = readJsonl(join(here, 'labels', name));
  const retriesFile = join(here, 'retries', name);
  const retries = existsSync(retriesFile) ? readJsonl(retriesFile) : [];
  const files = [...labels, ...retries, ...retries.flatMap(({ alt }) => alt ?? [])].map(({ file }) => file);
  const results = await lint(root, values.all ? ['**/*.{ts,tsx,mts,cts,js,mjs,cjs}'] : [...new Set(files)]);
  if (values.out) {
    mkdirSync(values.out, { recursive: true });
    writeFileSync(join(values.out, `${repository}.${values.mode}.json`), JSON.stringify(results));
  }
  return report(repository, readResults(JSON.stringify(results), root), labels, retries);
}

async function lint(root, files) {
  const typed = values.mode !== 'untyped' && {
    parserOptions: { projectService: true, tsconfigRootDir: root },
  };
  const options = ['error', { reportAt: 'call' }];
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    allowInlineConfig: false,
    errorOnUnmatchedPattern: false,
    overrideConfig: [
      { ...holdfast.configs.recommended, files: ['**/*.{ts,tsx,mts,cts,js,mjs,cjs}'] },
      { rules: { '@holdfast/no-unguarded-outbound-call': options } },
      { files: ['**/*.{ts,tsx,mts,cts}'], languageOptions: { parser: tseslint.parser, ...typed } },
    ],
  });
  return eslint.lintFiles(files);
}

function report(repository, results, labels, retries) {
  const options = { tier: values.tier, soft: 'ignore', 'call-rule': 'unguarded', 'retry-rule': 'non-idempotent-retry' };
  const calls = score(results, labels, options);
  const repeated = scoreRetries(results, retries, options);
  const sums = {
    found: calls.unguarded.flagged,
    unguarded: calls.unguarded.total,
    wrong: calls.falsePositives.length,
    retries: repeated.nonIdempotent.total,
    retriesFound: repeated.nonIdempotent.flagged,
    retriesWrong: repeated.idempotent.flagged,
  };
  console.log(
    `${repository}: recall ${share(calls.unguarded)} ${percent(calls.unguarded.recall)}, precision ${percent(calls.precisionOnLabels)}, ` +
      `soft ${share(calls.softGuarded)}, unlabelled ${calls.unlabelledInLabelledFiles}, fatal ${calls.fatal}; ` +
      `retries: non-idempotent ${share(repeated.nonIdempotent)}, idempotent ${share(repeated.idempotent)}, unclear ${share(repeated.unclear)}`,
  );
  if (!values.misses) return sums;
  const place = ({ file, line, col }) => `${file}:${line}:${col ?? ''}`;
  for (const label of calls.misses)
    console.log(`  missed ${place(label)} ${label.callee} [${label.kind}] ${label.note}`);
  for (const label of calls.falsePositives) {
    console.log(`  wrong ${place(label)} ${label.callee} [${label.negCategory ?? label.guarded}] ${label.note}`);
  }
  for (const result of calls.unlabelled) console.log(`  unlabelled ${place(result)} ${result.rule} ${result.message}`);
  for (const site of repeated.misses) console.log(`  missed retry ${place(site)} ${site.mechanism}: ${site.reason}`);
  for (const site of repeated.falsePositives)
    console.log(`  wrong retry ${place(site)} ${site.mechanism}: ${site.reason}`);
  for (const { line, file, message } of results.filter(({ rule }) => rule === 'fatal'))
    console.log(`  fatal ${file}:${line} ${message}`);
  return sums;
}
