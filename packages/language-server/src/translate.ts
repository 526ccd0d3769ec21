import type { Edit, Finding, Hover as FoundHover } from '@holdfast/analysis';
import type { Completion, Severity } from '@holdfast/analysis/editor';
import {
  CompletionItemKind,
  DiagnosticSeverity,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
  type Diagnostic,
  type Hover,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';

type Span = Pick<Edit, 'start' | 'end'>;

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  suggestion: DiagnosticSeverity.Hint,
  off: DiagnosticSeverity.Hint,
} as const;

/**
 * In the words of the plugin: an editor shows the same, whichever of the two it runs.
 *
 * @param documentOf A file that the finding leads to, under the name that the editor has for it.
 */
export function toDiagnostic(
  document: TextDocument,
  { ruleId, code, message, start, end, path }: Finding,
  severity: Severity,
  documentOf: (fileName: string) => TextDocument | undefined,
): Diagnostic {
  return {
    range: toRange(document, { start, end }),
    severity: severities[severity],
    code,
    source: 'holdfast',
    message: `${message} (${ruleId})`,
    // The way that leads there; a single step would be the place itself.
    ...(path.length < 2
      ? {}
      : {
          relatedInformation: path.flatMap((step, index) => {
            const at = documentOf(step.file);
            const message = `${String(index + 1)}. ${step.text}`;
            return at ? { location: { uri: at.uri, range: toRange(at, step) }, message } : [];
          }),
        }),
  };
}

export function toHover(document: TextDocument, { range, text }: FoundHover): Hover {
  return { contents: { kind: MarkupKind.Markdown, value: text }, range: toRange(document, range) };
}

/** @param index Its place among the values: above all others, the first one first. */
export function toCompletion(
  { text, detail, snippet }: Completion,
  index: number,
  takesSnippets: boolean,
): CompletionItem {
  return {
    label: text,
    labelDetails: { description: detail },
    kind: CompletionItemKind.Value,
    sortText: `0${String(index)}`,
    ...(takesSnippets && snippet !== undefined
      ? { insertText: snippet, insertTextFormat: InsertTextFormat.Snippet }
      : {}),
  };
}

/** The version says what text the edits are for: an editor refuses them when it has another. */
export function toWorkspaceEdit(
  { uri, version }: TextDocument,
  edits: readonly TextEdit[],
  isVersioned: boolean,
): WorkspaceEdit {
  return isVersioned
    ? { documentChanges: [{ textDocument: { uri, version }, edits: [...edits] }] }
    : { changes: { [uri]: [...edits] } };
}

export function toTextEdits(document: TextDocument, edits: readonly Edit[]): TextEdit[] {
  return edits.map((edit) => ({ range: toRange(document, edit), newText: edit.text }));
}

/** From offsets: the compiler ends lines at characters where the protocol does not. */
function toRange(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}
