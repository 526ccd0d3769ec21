import type ts from 'typescript';
import { insert } from '../edits.js';
import type { Edit, Finding, Fix } from '../finding.js';
import type { TypeScript } from '../typescript.js';

/** A change that an editor offers. */
export interface Action {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** A change that cures a finding, or silences it. */
export interface FindingAction extends Action {
  readonly finding: Finding;
  /** What is done to all findings that can be cured the same way; absent for what a person decides on one by one. */
  readonly all?: { readonly id: string; readonly title: string };
}

/** What can be done about the findings of a file that touch a range. */
export function actionsAt(
  ts: TypeScript,
  file: ts.SourceFile,
  findings: readonly Finding[],
  { start, end }: Pick<Finding, 'start' | 'end'>,
): FindingAction[] {
  return findings
    .filter((finding) => finding.start <= end && start <= finding.end)
    .flatMap((finding) => [...cures(finding), ...ignoring(ts, file, finding)]);
}

/** The edits of one cure for all findings that have it, or of every cure, those left out that are in the way of an earlier one. */
export function editsForAll(findings: readonly Finding[], id?: string): readonly Edit[] {
  const done: Edit[] = [];
  const declared = new Set<string>();
  for (const { edits, all, declares } of findings.flatMap(cures)) {
    if ((id !== undefined && all?.id !== id) || (declares !== undefined && declared.has(declares))) continue;
    // An import that another cure has brought already is needed once.
    const left = edits.filter((edit) => !done.some((other) => isSame(edit, other)));
    if (left.some((edit) => done.some((other) => overlap(edit, other)))) continue;
    done.push(...left);
    if (declares !== undefined) declared.add(declares);
  }
  return done.sort((a, b) => a.start - b.start);
}

function cures(finding: Finding): (FindingAction & Pick<Fix, 'declares'>)[] {
  return finding.fixes.map(({ messageId, title, edits, declares }) => ({
    finding,
    title,
    edits,
    ...(declares === undefined ? {} : { declares }),
    all: { id: `holdfast:${finding.ruleId}:${messageId}`, title: `Do so for all findings of ${finding.ruleId}` },
  }));
}

/** The comment has no reason yet: the editor then asks for one. */
function ignoring(ts: TypeScript, file: ts.SourceFile, finding: Finding): FindingAction[] {
  const { text } = file;
  const line = file.getLineStarts()[finding.line - 1]!;
  if (isInsideText(ts, file, line) || text.slice(finding.start, finding.end).startsWith('// holdfast-ignore'))
    return [];
  const indent = /^[ \t]*/.exec(text.slice(line))![0];
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  return [
    {
      finding,
      title: `Ignore ${finding.ruleId} here, for a reason`,
      edits: [insert(line, `${indent}// holdfast-ignore ${finding.ruleId}: ${eol}`)],
    },
  ];
}

/** In a template or in the text of JSX a comment is none. */
function isInsideText(ts: TypeScript, file: ts.SourceFile, position: number): boolean {
  let node: ts.Node = file;
  for (;;) {
    const inner = ts.forEachChild(node, (child) => (child.pos < position && position < child.end ? child : undefined));
    if (!inner) break;
    node = inner;
  }
  const { JsxText, NoSubstitutionTemplateLiteral, TemplateHead, TemplateMiddle, TemplateTail } = ts.SyntaxKind;
  if (node.kind === JsxText) return true;
  const isTemplate = [NoSubstitutionTemplateLiteral, TemplateHead, TemplateMiddle, TemplateTail].includes(node.kind);
  return isTemplate && node.getStart(file) < position;
}

function isSame(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

function overlap(a: Edit, b: Edit): boolean {
  // Lines of imports go to one place, and none is in the way of another.
  if ([a, b].every(({ start, end, text }) => start === end && /^\s*import\b|^\r?\n$/.test(text))) return false;
  return (a.start < b.end && b.start < a.end) || (a.start === b.start && a.end === b.end);
}
