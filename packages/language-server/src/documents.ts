import { fileURLToPath, pathToFileURL } from 'node:url';
import type ts from 'typescript';
import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import type { Projects } from './projects.js';

/** The files that are open in the editor, whose text counts instead of what is on disk. */
export interface Documents {
  open(uri: string, languageId: string, version: number, text: string): void;
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void;
  close(uri: string): void;
  get(uri: string): OpenDocument | undefined;
  all(): readonly OpenDocument[];
  /** A file as a program has it, under the name that the editor has for it. */
  named(fileName: string, program: ts.Program): TextDocument | undefined;
}

export interface OpenDocument {
  readonly text: TextDocument;
  /** As the compiler has it. */
  readonly fileName: string;
}

/** Only files are judged: what is on no disk belongs to no project. */
export function createDocuments(projects: Projects): Documents {
  const documents = new Map<string, OpenDocument>();
  return {
    open(uri, languageId, version, text) {
      const fileName = sourceNameOf(uri);
      if (fileName === undefined) return;
      documents.set(uri, { text: TextDocument.create(uri, languageId, version, text), fileName });
      projects.open(fileName, text);
    },
    change(uri, version, changes) {
      const document = documents.get(uri);
      if (!document) return;
      const { text, fileName } = document;
      for (const change of changes) {
        const [start, end] =
          'range' in change
            ? [text.offsetAt(change.range.start), text.offsetAt(change.range.end)]
            : [0, text.getText().length];
        projects.edit(fileName, { start, end, text: change.text });
        TextDocument.update(text, [change], version);
      }
    },
    close(uri) {
      const document = documents.get(uri);
      documents.delete(uri);
      if (document) projects.close(document.fileName);
    },
    get: (uri) => documents.get(uri),
    all: () => [...documents.values()],
    named(fileName, program) {
      const file = program.getSourceFile(fileName);
      const open = [...documents.values()].find((document) => document.fileName === fileName);
      return file && TextDocument.create(open?.text.uri ?? pathToFileURL(fileName).href, '', 0, file.text);
    },
  };
}

function sourceNameOf(uri: string): string | undefined {
  if (!uri.startsWith('file:') || !/\.[cm]?[jt]sx?$/.test(uri)) return undefined;
  return fileNameOf(uri);
}

/** With slashes, as the compiler has it. */
export function fileNameOf(uri: string): string {
  return fileURLToPath(uri).replaceAll('\\', '/');
}
