// Makes the page of each codemod from its fixtures: a folder of packages/codemods/fixtures with a `page.md`, in which
// `<!-- case: name -->` stands for the code of the folder `name` beside it, before and after, and `<!-- skips -->` for
// the reasons that its cases show.
//
//   node docs/codemod-pages.mjs --write   makes the pages
//   node docs/codemod-pages.mjs --check   fails when a page differs
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withExamples } from './examples.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const fixtures = 'packages/codemods/fixtures';

/** The folders of fixtures that have a page. */
export function codemods() {
  return readdirSync(join(root, fixtures), { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === 'page.md')
    .map((path) => join(fixtures, dirname(path)))
    .sort();
}

/** @param {string} folder */
export function pageOf(folder) {
  return `docs/codemods/${basename(folder)}.md`;
}

/**
 * The page of one codemod.
 *
 * @param {string} folder
 * @param {Readonly<Record<string, string>>} messages What each reason for leaving a call alone says.
 */
export function codemodPage(folder, messages) {
  const text = readFileSync(join(root, folder, 'page.md'), 'utf8')
    .replaceAll(/<!-- case: (\S+) -->/g, (_, name) => caseText(join(folder, name), messages))
    .replaceAll('<!-- skips -->', () => skipTable(folder, messages));
  return withExamples(`<!-- Made by docs/codemod-pages.mjs from ${folder}/page.md. -->\n\n${text}`);
}

/** Names of the cases in a folder. @param {string} folder */
export function casesOf(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/**
 * @param {string} folder
 * @param {Readonly<Record<string, string>>} messages
 */
function caseText(folder, messages) {
  const before = fileNamed(folder, 'before');
  const after = fileNamed(folder, 'after');
  const legacy = fileNamed(folder, 'after.legacy');
  if (!before) throw new Error(`${folder} has no file named before`);
  const parts = [fence(before)];
  const isSame = !after || read(after) === read(before);
  if (isSame) parts.push('stays as it is:', skipList(read(before), messages));
  else parts.push('becomes', fence(after));
  if (legacy) parts.push('and with `experimentalDecorators`', fence(legacy));
  if (!isSame && marked(read(before)).length > 0) parts.push('Left alone:', skipList(read(before), messages));
  return parts.join('\n\n');
}

/** @param {string} text @param {Readonly<Record<string, string>>} messages */
function skipList(text, messages) {
  return [...new Set(marked(text))].map((reason) => `- \`${reason}\`: ${messages[reason] ?? ''}`).join('\n');
}

/** @param {string} folder @param {Readonly<Record<string, string>>} messages */
function skipTable(folder, messages) {
  const shown = casesOf(folder).flatMap((name) => {
    const before = fileNamed(join(folder, name), 'before');
    return before ? marked(read(before)) : [];
  });
  const rows = [...new Set(shown)].sort().map((reason) => `| \`${reason}\` | ${messages[reason] ?? ''} |`);
  return ['| reason | what to do |', '| --- | --- |', ...rows].join('\n');
}

/** The reasons that a fixture says its calls are left alone for. @param {string} text */
export function marked(text) {
  return [...text.matchAll(/\/\/ skip: ([\w-]+)/g)].map(([, reason]) => reason ?? '');
}

/** @param {string} path */
function fence(path) {
  return `<!-- example: ${path} -->\n\n\`\`\`${extname(path).slice(1)}\n${read(path).trimEnd()}\n\`\`\``;
}

/** @param {string} folder @param {string} stem */
function fileNamed(folder, stem) {
  return ['ts', 'tsx', 'cts', 'mts', 'js', 'cjs', 'mjs']
    .map((extension) => join(folder, `${stem}.${extension}`))
    .find((path) => existsSync(join(root, path)));
}

/** @param {string} path */
function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mode = process.argv[2];
  if (mode !== '--write' && mode !== '--check') {
    console.error('usage: node docs/codemod-pages.mjs --write | --check');
    process.exit(2);
  }
  const { messagesFor } = await import('./codemod-messages.mjs');
  for (const folder of codemods()) {
    const page = pageOf(folder);
    const text = codemodPage(folder, messagesFor(folder));
    if (existsSync(join(root, page)) && read(page) === text) continue;
    if (mode === '--write') writeFileSync(join(root, page), text);
    else process.exitCode = 1;
    console.log(mode === '--write' ? `made ${page}` : `${page} differs from its fixtures`);
  }
}
