import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
  type ClientCapabilities,
  type CodeAction,
  type CodeActionContext,
  type CompletionItem,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type FileChangeType,
  type Hover,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

export interface ClientOptions {
  /** The roots of the workspace. */
  readonly folders: readonly string[];
  readonly initializationOptions?: object;
  /** What `workspace/configuration` answers with, for the section of the server; undefined for an editor that has no such thing. */
  readonly settings?: object;
  /** Whether it asks for diagnostics, or is told. */
  readonly pulls?: boolean;
  /** Whether it watches files for the server. */
  readonly watches?: boolean;
}

/** An editor, as far as the server can tell: the real one over stdio at its other end. */
export interface Client {
  readonly connection: ProtocolConnection;
  /** What the server told the user. */
  readonly log: readonly string[];
  /** How often the server asked for diagnostics to be asked for again. */
  refreshes(): number;
  /** Opens a file as it is on disk, and gives its path back. */
  open(file: string): string;
  /** Replaces some of what is in the editor. */
  replace(file: string, from: string | RegExp, to: string): void;
  close(file: string): void;
  diagnostics(file: string, token?: CancellationToken): Promise<readonly Diagnostic[]>;
  /** What the server tells next of the newest version, or of a file that is closed. */
  told(file: string): Promise<readonly Diagnostic[]>;
  actions(file: string, text: string, only?: CodeActionContext['only']): Promise<readonly CodeAction[]>;
  hover(file: string, text: string): Promise<Hover | null>;
  /** What it offers behind a text. */
  completions(file: string, text: string): Promise<readonly CompletionItem[]>;
  /** The text of an open file with an edit. */
  applied(file: string, edit: WorkspaceEdit): string;
  changed(file: string, type: FileChangeType): void;
  configure(settings: object): void;
  stop(): Promise<number | null>;
}

export async function startClient(options: ClientOptions): Promise<Client> {
  const { folders, initializationOptions, pulls = true, watches = true } = options;
  let { settings } = options;
  const main = resolve(import.meta.dirname, '../dist/main.js');
  const child = spawn(process.execPath, [main, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const documents = new Map<string, TextDocument>();
  const published = new Map<string, PublishDiagnosticsParams>();
  const log: string[] = [];
  let refreshes = 0;

  connection.onNotification('window/logMessage', ({ message }: { message: string }) => void log.push(message));
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    published.set(params.uri, params);
  });
  connection.onRequest('workspace/diagnostic/refresh', () => {
    refreshes += 1;
    return null;
  });
  connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section: string }[] }) =>
    items.map(({ section }) => (section === 'holdfast' ? settings : null)),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.listen();

  const capabilities: ClientCapabilities = {
    textDocument: {
      completion: { completionItem: { snippetSupport: true } },
      ...(pulls ? { diagnostic: { relatedDocumentSupport: true } } : {}),
    },
    workspace: {
      workspaceFolders: true,
      workspaceEdit: { documentChanges: true },
      configuration: settings !== undefined,
      didChangeWatchedFiles: { dynamicRegistration: watches },
      diagnostics: { refreshSupport: true },
    },
  };
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities,
    initializationOptions,
    workspaceFolders: folders.map((folder) => ({ uri: uriOf(folder), name: folder })),
  });
  await connection.sendNotification('initialized', {});

  const documentOf = (file: string): TextDocument => documents.get(uriOf(file))!;
  const notify = (method: string, params: object): void => void connection.sendNotification(method, params);
  const rangeOf = (file: string, text: string | RegExp): Range => {
    const document = documentOf(file);
    const found = typeof text === 'string' ? text : (text.exec(document.getText())?.[0] ?? '');
    const start = document.getText().indexOf(found);
    if (found === '' || start < 0) throw new Error(`${file} has no ${String(text)}`);
    return { start: document.positionAt(start), end: document.positionAt(start + found.length) };
  };

  return {
    connection,
    log,
    refreshes: () => refreshes,
    open(file) {
      const uri = uriOf(file);
      const text = readFileSync(file, 'utf8');
      documents.set(uri, TextDocument.create(uri, 'typescript', 1, text));
      notify('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 1, text } });
      return file;
    },
    replace(file, from, to) {
      const document = documentOf(file);
      const contentChanges = [{ range: rangeOf(file, from), text: to }];
      TextDocument.update(document, contentChanges, document.version + 1);
      notify('textDocument/didChange', {
        textDocument: { uri: document.uri, version: document.version },
        contentChanges,
      });
    },
    close(file) {
      documents.delete(uriOf(file));
      notify('textDocument/didClose', { textDocument: { uri: uriOf(file) } });
    },
    async diagnostics(file, token) {
      const params = { textDocument: { uri: uriOf(file) } };
      const report = await connection.sendRequest<DocumentDiagnosticReport>(
        'textDocument/diagnostic',
        params,
        ...(token ? [token] : []),
      );
      return report.kind === 'full' ? report.items : [];
    },
    async told(file) {
      const uri = uriOf(file);
      for (;;) {
        const params = published.get(uri);
        if (params && params.version === documents.get(uri)?.version) {
          published.delete(uri);
          return params.diagnostics;
        }
        await setTimeout(10);
      }
    },
    actions: (file, text, only) =>
      connection.sendRequest('textDocument/codeAction', {
        textDocument: { uri: uriOf(file) },
        range: rangeOf(file, text),
        context: { diagnostics: [], ...(only ? { only } : {}) },
      }),
    hover: (file, text) =>
      connection.sendRequest('textDocument/hover', {
        textDocument: { uri: uriOf(file) },
        position: rangeOf(file, text).start,
      }),
    completions: (file, text) =>
      connection.sendRequest('textDocument/completion', {
        textDocument: { uri: uriOf(file) },
        position: rangeOf(file, text).end,
      }),
    applied(file, { documentChanges = [] }) {
      const document = documentOf(file);
      const edits = documentChanges.flatMap((change) =>
        'edits' in change && change.textDocument.uri === document.uri ? (change.edits as TextEdit[]) : [],
      );
      return TextDocument.applyEdits(document, edits);
    },
    changed: (file, type) => notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uriOf(file), type }] }),
    configure(given) {
      settings = given;
      notify('workspace/didChangeConfiguration', { settings: null });
    },
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      const code = await exited;
      connection.dispose();
      return code;
    },
  };
}

export function uriOf(file: string): string {
  return pathToFileURL(file).href;
}
