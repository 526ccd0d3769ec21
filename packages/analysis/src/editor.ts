// What editors need beside the findings, as plain data: the plugin and the language server translate it and add nothing.
export { actionsAt, editsForAll } from './editor/actions.js';
export type { Action, FindingAction } from './editor/actions.js';
export type { Completion } from './editor/completions.js';
export type { Hover } from './editor/hover.js';
export type { Refactoring, RefactoringAction } from './editor/refactorings.js';
export { parseEditorSettings } from './editor/settings.js';
export type { EditorSettings, Severity } from './editor/settings.js';
