import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { renderMessage, type Location } from '../finding.js';
import { guardCall } from '../guarding/guard-call.js';
import { asMember, methodGuards } from '../guarding/guard-method.js';
import { guardTitles, titleOf } from '../guarding/titles.js';
import { shorten } from '../location.js';
import type { Action } from './actions.js';

/** One change of a refactoring. */
export interface RefactoringAction extends Action {
  /** Never changes: editors ask for it by name. */
  readonly name: string;
}

/** What can be done to code that nothing is wrong with, or nothing yet. */
export interface Refactoring {
  readonly name: 'guard-method' | 'guard-call';
  readonly title: string;
  /** The kind that editors file it under. */
  readonly kind: 'refactor.rewrite.holdfast';
  readonly actions: readonly RefactoringAction[];
}

const kind = 'refactor.rewrite.holdfast';

/** The guards that a method whose head, or a call whose callee, touches a range could be given. */
export function refactoringsAt(
  file: ts.SourceFile,
  { start, end }: Pick<Location, 'start' | 'end'>,
  tools: Analysis,
): Refactoring[] {
  const method: RefactoringAction[] = [];
  const call: RefactoringAction[] = [];
  for (const member of tools.facts(file).classes.flatMap(({ members }) => [...members])) {
    const guarded = asMember(member, tools);
    if (!guarded?.fn.body || end < member.getStart(file) || start > guarded.fn.body.getStart(file)) continue;
    for (const { level, edits } of methodGuards(guarded, tools)) {
      const title = renderMessage(guardTitles[titleOf[level]], { method: shorten(member.name!.getText()) });
      method.push({ name: titleOf[level], title, edits });
    }
  }
  for (const outbound of tools.outbound(file)) {
    const { callee, timeout, regions, reach } = outbound;
    if (end < callee.getStart(file) || start > callee.end) continue;
    const isGuarded = regions.length > 0 || timeout === 'own' || reach.kind === 'guarded';
    const edits = isGuarded ? undefined : guardCall(outbound, tools);
    const title = renderMessage(guardTitles.guardCall, { call: shorten(callee.getText()) });
    if (edits) call.push({ name: 'guardCall', title, edits });
  }
  const found: Refactoring[] = [
    { name: 'guard-method', title: 'Guard this method…', kind, actions: method },
    // Of calls within each other's chains, the first.
    { name: 'guard-call', title: 'Guard this call…', kind, actions: call.slice(0, 1) },
  ];
  return found.filter(({ actions }) => actions.length > 0);
}
