import type { Finding } from '@holdfast/analysis';
import { actionsAt, editsForAll, type Refactoring } from '@holdfast/analysis/editor';
import ts from 'typescript';
import { CodeActionKind, type CodeAction, type CodeActionParams } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { toTextEdits, toWorkspaceEdit } from './translate.js';

export const fixAllKind: string = `${CodeActionKind.SourceFixAll}.holdfast`;
export const refactorKind: string = `${CodeActionKind.RefactorRewrite}.holdfast`;

export interface Request {
  readonly text: TextDocument;
  readonly file: ts.SourceFile;
  readonly findings: readonly Finding[];
  readonly refactorings: readonly Refactoring[];
  readonly range: { readonly start: number; readonly end: number };
  /** The kinds that the editor asks for; undefined for what it shows at the cursor. */
  readonly only: CodeActionParams['context']['only'];
  readonly isVersioned: boolean;
}

/** What cures the findings at a range, one by one and for all of a file, or silences them; what cures a whole file; and what guards. */
export function codeActions({ text, file, findings, refactorings, range, only, isVersioned }: Request): CodeAction[] {
  const action = (title: string, kind: string, edits: Parameters<typeof toTextEdits>[1]): CodeAction => ({
    title,
    kind,
    edit: toWorkspaceEdit(text, toTextEdits(text, edits), isVersioned),
  });
  const actions: CodeAction[] = [];
  if (!only || only.some((kind) => isWithin(CodeActionKind.QuickFix, kind))) {
    const offered = new Set<string>();
    for (const { title, edits, all } of actionsAt(ts, file, findings, range)) {
      actions.push(action(title, CodeActionKind.QuickFix, edits));
      if (!all || offered.has(all.id)) continue;
      offered.add(all.id);
      const whole = editsForAll(findings, all.id);
      if (whole.length > edits.length) actions.push(action(all.title, CodeActionKind.QuickFix, whole));
    }
  }
  const asked = only?.find((kind) => isWithin(fixAllKind, kind));
  if (asked !== undefined) {
    // Asked for by no name of ours, as when a file is saved, it does what no person needs to look at.
    const isUnasked = asked === CodeActionKind.SourceFixAll;
    const edits = editsForAll(findings.map((finding) => withFirstFix(finding, isUnasked)));
    if (edits.length > 0) actions.push(action('Cure all findings of Holdfast', fixAllKind, edits));
  }
  if (!only || only.some((kind) => isWithin(refactorKind, kind))) {
    for (const refactoring of refactorings) {
      for (const { title, edits } of refactoring.actions) actions.push(action(title, refactoring.kind, edits));
    }
  }
  return actions;
}

function withFirstFix(finding: Finding, hasToBeSafe: boolean): Finding {
  return { ...finding, fixes: finding.fixes.filter(({ isSafe }) => isSafe || !hasToBeSafe).slice(0, 1) };
}

function isWithin(kind: string, asked: string): boolean {
  return asked === '' || kind === asked || kind.startsWith(`${asked}.`);
}
