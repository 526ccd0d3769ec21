import ts from 'typescript';
import {
  CodeActionKind,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver/node';
import { codeActions, fixAllKind, refactorKind } from './code-actions.js';
import { createDiagnostics, isPull } from './diagnostics.js';
import { createDocuments, fileNameOf } from './documents.js';
import { createJudge } from './judge.js';
import { createLog } from './log.js';
import { createProjects } from './projects.js';
import { createSettings, section } from './settings.js';
import { toCompletion, toHover } from './translate.js';
import { createWatching } from './watching.js';

/** Shows what the analysis finds, offers what would cure it, and tells what guards a call, to the editor at the other end. */
export function serve(connection: Connection): void {
  connection.onInitialize((params) => {
    start(connection, params);
    return { capabilities: capabilitiesFor(params), serverInfo: { name: 'holdfast' } };
  });
  connection.listen();
}

function start(connection: Connection, params: InitializeParams): void {
  const { capabilities } = params;
  const log = createLog(connection);
  const takesSnippets = capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
  const watches = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
  const folders = new Set(foldersOf(params));
  const isInFolders = (path: string): boolean => [...folders].some((folder) => `${path}/`.startsWith(`${folder}/`));
  const refresh = (): void => diagnostics.refresh();
  const watching = createWatching((path) => watches && isInFolders(path), refresh);
  const projects = createProjects(watching, log);
  const documents = createDocuments(projects);
  const settings = createSettings(connection, params, log.warn);
  const judge = createJudge(projects, settings, log);
  const diagnostics = createDiagnostics(connection, params, { documents, settings, judge, log });

  connection.onInitialized(() => {
    if (watches) {
      // Folders too: what was in one that is gone is not named.
      const options = { watchers: [{ globPattern: '**/*' }] };
      connection.client.register(DidChangeWatchedFilesNotification.type, options).catch(log.warn);
    }
    if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration) {
      connection.client.register(DidChangeConfigurationNotification.type, { section }).catch(log.warn);
    }
    if (capabilities.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const { uri } of removed) folders.delete(fileNameOf(uri));
        for (const { uri } of added) folders.add(fileNameOf(uri));
      });
    }
  });

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    log.attempt(undefined, () => documents.open(uri, languageId, version, text));
    settings.learn(uri);
    diagnostics.edited(uri);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    log.attempt(undefined, () => documents.change(uri, version, contentChanges));
    diagnostics.edited(uri);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    log.attempt(undefined, () => documents.close(uri));
    settings.forget(uri);
    diagnostics.close(uri);
    refresh();
  });
  connection.onDidChangeConfiguration(({ settings: sent }) => {
    settings.change(sent);
    refresh();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri, type } of changes) {
      if (uri.startsWith('file:')) log.attempt(undefined, () => watching.notify(fileNameOf(uri), kinds[type]));
    }
    refresh();
  });

  connection.onHover(({ textDocument, position }) =>
    log.attempt(null, () => {
      const document = documents.get(textDocument.uri);
      const judged = document && judge.of(document);
      const hover = judged?.analyzer.hover(judged.file, document!.text.offsetAt(position));
      return hover ? toHover(document!.text, hover) : null;
    }),
  );
  connection.onCompletion(({ textDocument, position }) =>
    log.attempt([], () => {
      const document = documents.get(textDocument.uri);
      const judged = document && judge.of(document);
      const completions = judged?.analyzer.completions(judged.file, document!.text.offsetAt(position)) ?? [];
      return completions.map((completion, index) => toCompletion(completion, index, takesSnippets));
    }),
  );
  connection.onCodeAction(({ textDocument, range, context }) =>
    log.attempt([], () => {
      const document = documents.get(textDocument.uri);
      const judged = document && judge.of(document);
      if (!judged) return [];
      const { text } = document;
      const at = { start: text.offsetAt(range.start), end: text.offsetAt(range.end) };
      return codeActions({
        text,
        file: judged.file,
        findings: judge.findings(judged),
        refactorings: judged.analyzer.refactorings(judged.file, at),
        range: at,
        only: context.only,
        isVersioned: capabilities.workspace?.workspaceEdit?.documentChanges === true,
      });
    }),
  );
}

const kinds: Record<FileChangeType, ts.FileWatcherEventKind> = {
  [FileChangeType.Created]: ts.FileWatcherEventKind.Created,
  [FileChangeType.Changed]: ts.FileWatcherEventKind.Changed,
  [FileChangeType.Deleted]: ts.FileWatcherEventKind.Deleted,
};

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
  return uris.filter((uri) => uri.startsWith('file:')).map(fileNameOf);
}

function capabilitiesFor({ capabilities }: InitializeParams): InitializeResult['capabilities'] {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    completionProvider: {},
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind, refactorKind] },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    ...(isPull(capabilities)
      ? { diagnosticProvider: { identifier: 'holdfast', interFileDependencies: true, workspaceDiagnostics: false } }
      : {}),
  };
}
