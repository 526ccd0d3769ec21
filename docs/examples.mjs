// Keeps the examples of the pages equal to the regions of docs/examples, which compile and run in tests.
//
//   node docs/examples.mjs --write   refreshes the pages
//   node docs/examples.mjs --check   fails when a page differs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Every page of the documentation, the READMEs and CONTRIBUTING.md, as paths from the root of the repository. */
export function pages() {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path));
  const readmes = readdirSync(join(root, 'packages'))
    .map((name) => join('packages', name, 'README.md'))
    .filter(exists);
  return [...docs.sort(), 'README.md', 'CONTRIBUTING.md', ...readmes].filter(exists);
}

/**
 * The page with every example as its region is now.
 *
 * @param {string} path
 * @returns {string}
 */
export function refreshed(path) {
  return withExamples(readFileSync(join(root, path), 'utf8'));
}

/**
 * The text with every example as its region is now.
 *
 * @param {string} text
 * @returns {string}
 */
export function withExamples(text) {
  return text.replaceAll(
    /<!-- example: (\S+)#(\S+) -->\n+(?:```\w+\n[\s\S]*?\n```\n)?/g,
    (_, file, name) =>
      `<!-- example: ${file}#${name} -->\n\n\`\`\`${extname(file).slice(1)}\n${region(file, name)}\n\`\`\`\n`,
  );
}

/**
 * The text of one region, without its indentation and the marks of fixtures.
 *
 * @param {string} file A path in docs/examples, or one from the root that begins with `packages/`.
 * @param {string} name
 */
export function region(file, name) {
  const path = file.startsWith('packages/') ? file : join('docs/examples', file);
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const end = lines.findIndex((line, index) => index > start && line.trim().startsWith('// #endregion'));
  if (start < 0 || end < 0) throw new Error(`${path} has no region ${name}`);
  const body = lines.slice(start + 1, end).map((line) => line.replace(/ +\/\/ expect\b.*$/, ''));
  const indents = body.filter((line) => line.trim()).map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return body.map((line) => line.slice(indent)).join('\n');
}

/** @param {string} path */
function exists(path) {
  try {
    readFileSync(join(root, path));
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mode = process.argv[2];
  if (mode !== '--write' && mode !== '--check') {
    console.error('usage: node docs/examples.mjs --write | --check');
    process.exit(2);
  }
  const stale = pages().filter((path) => refreshed(path) !== readFileSync(join(root, path), 'utf8'));
  for (const path of stale) {
    if (mode === '--write') writeFileSync(join(root, path), refreshed(path));
    console.log(mode === '--write' ? `refreshed ${path}` : `${path} differs from its examples`);
  }
  if (mode === '--check' && stale.length > 0) process.exit(1);
}
