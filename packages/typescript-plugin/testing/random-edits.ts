/** What somebody does to a file: a text instead of `[start, end)`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What is typed, most of it unfinished or wrong. */
const typed = [
  ...'(){}[]<>;,.:?!=+@#\'"`\\/\n ',
  '=>',
  '/*',
  '*/',
  '//',
  '${',
  '...',
  'await ',
  'async ',
  'return ',
  'class ',
  'export ',
  'import ',
  'static ',
  'new ',
  'throw ',
  'try {',
  '} catch {',
  'for (;;) {',
  'if (response.ok) ',
  'export const load = () => fetch(',
  'await fetch(`https://a.internal/${',
  'void fetch("https://a.internal", { method: "POST" });\n',
  'await fetch("https://a.internal", { signal: AbortSignal.timeout(5_000) });\n',
  "import { Retry, Timeout, guard, withRetry, withTimeout } from '@holdfast/runtime';\n",
  "import axios from 'axios';\n",
  'axios.get(',
  'axios.create({',
  'withRetry(() => ',
  'withTimeout(() => ',
  'guard(',
  '@Retry({ maxAttempts: ',
  '@Timeout(2_000)\n',
  '@Cached({ ttl: 1_000 })',
  ', { signal',
  ', { timeout: 0 })',
  '// holdfast-ignore no-unguarded-outbound-call: it is local\n',
  '// holdfast-ignore ',
  'Promise.all(',
  'while (true) try { ',
];

/** One random edit of a text. */
export function randomEdit(text: string, random: () => number, others: readonly string[]): TextEdit {
  const below = (limit: number): number => Math.floor(random() * limit);
  const start = below(text.length + 1);
  const kind = random();
  if (kind < 0.45) return { start, end: start, text: typed[below(typed.length)]! };
  if (kind < 0.7) return { start, end: Math.min(text.length, start + 1 + below(random() < 0.7 ? 3 : 60)), text: '' };
  if (kind < 0.8) return renaming(text, start, typed[below(typed.length)]!);
  // A block from somewhere, pasted between two lines or, by mistake, elsewhere.
  const lines = others[below(others.length)]!.split('\n');
  const first = below(lines.length);
  const block = `${lines.slice(first, first + 1 + below(12)).join('\n')}\n`;
  const place = random() < 0.8 ? text.lastIndexOf('\n', start - 1) + 1 : start;
  return { start: place, end: place, text: block };
}

/** The word at a place, cut short or replaced. */
function renaming(text: string, at: number, by: string): TextEdit {
  const word = /\w+/.exec(text.slice(at));
  if (!word) return { start: at, end: at, text: by };
  const start = at + word.index;
  return { start, end: start + word[0].length, text: word[0].length % 2 === 0 ? word[0].slice(0, 2) : by };
}

/** A text after an edit, and the edit that undoes it. */
export function applied(text: string, edit: TextEdit): { readonly text: string; readonly undo: TextEdit } {
  const { start, end } = edit;
  return {
    text: text.slice(0, start) + edit.text + text.slice(end),
    undo: { start, end: start + edit.text.length, text: text.slice(start, end) },
  };
}
