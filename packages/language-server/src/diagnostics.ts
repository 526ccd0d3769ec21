import {
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Connection,
  type Diagnostic,
  type InitializeParams,
} from 'vscode-languageserver/node';
import type { Documents, OpenDocument } from './documents.js';
import type { Judge } from './judge.js';
import type { Log } from './log.js';
import type { Settings } from './settings.js';
import { toDiagnostic } from './translate.js';

/** How long nothing has to happen before all open documents are judged anew, in ms. */
const quietTime = 200;

/** Shows the findings of the open documents: editors that ask are answered, the others are told. */
export interface Diagnostics {
  /** Something has changed that findings may rest on. */
  refresh(): void;
  /** So has a document, of which an editor that asks will ask by itself. */
  edited(uri: string): void;
  close(uri: string): void;
}

interface Sources {
  readonly documents: Documents;
  readonly settings: Settings;
  readonly judge: Judge;
  readonly log: Log;
}

export function createDiagnostics(
  connection: Connection,
  { capabilities }: InitializeParams,
  { documents, settings, judge, log }: Sources,
): Diagnostics {
  const asks = isPull(capabilities);
  let timer: NodeJS.Timeout | undefined;
  let run = 0;

  /** Undefined when the document has changed meanwhile, or `isStale` says so. */
  async function diagnosticsOf(document: OpenDocument, isStale: () => boolean): Promise<Diagnostic[] | undefined> {
    const { text } = document;
    const { uri, version } = text;
    await settings.ready();
    const isOld = (): boolean => documents.get(uri) !== document || text.version !== version || isStale();
    try {
      const judged = judge.of(document);
      if (!judged) return [];
      const findings = await judge.findingsUnless(judged, isOld);
      return findings?.map((finding) =>
        toDiagnostic(text, finding, judged.settings.severityOf(finding.ruleId), (name) =>
          documents.named(name, judged.program),
        ),
      );
    } catch (error) {
      log.warn(error);
      return [];
    }
  }

  async function push(): Promise<void> {
    const own = ++run;
    for (const document of documents.all()) {
      const { uri, version } = document.text;
      const diagnostics = await diagnosticsOf(document, () => run !== own);
      if (run !== own) return;
      if (diagnostics) await connection.sendDiagnostics({ uri, version, diagnostics });
    }
  }

  if (asks) {
    connection.languages.diagnostics.on(async ({ textDocument }, token: CancellationToken) => {
      const document = documents.get(textDocument.uri);
      const items = document ? await diagnosticsOf(document, () => token.isCancellationRequested) : [];
      if (items) return { kind: DocumentDiagnosticReportKind.Full, items };
      if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      throw new ResponseError(LSPErrorCodes.ServerCancelled, 'the document has changed', { retriggerRequest: true });
    });
  }

  function refresh(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!asks) push().catch(log.warn);
      else if (capabilities.workspace?.diagnostics?.refreshSupport) {
        connection.languages.diagnostics.refresh().catch(log.warn);
      }
    }, quietTime);
  }

  return {
    refresh,
    edited(uri) {
      if (!asks || documents.all().some(({ text }) => text.uri !== uri)) refresh();
    },
    close(uri) {
      if (!asks) connection.sendDiagnostics({ uri, diagnostics: [] }).catch(log.warn);
    },
  };
}

export function isPull({ textDocument }: InitializeParams['capabilities']): boolean {
  return textDocument?.diagnostic !== undefined;
}
