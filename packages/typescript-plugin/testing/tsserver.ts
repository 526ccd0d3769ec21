import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/** A diagnostic as tsserver sends it. Lines and offsets start at 1. */
export interface ServerDiagnostic {
  readonly start: { readonly line: number; readonly offset: number };
  readonly end: { readonly line: number; readonly offset: number };
  readonly text: string;
  readonly code: number;
  readonly category: string;
  readonly source?: string;
  readonly relatedInformation?: readonly RelatedInformation[];
}

export interface RelatedInformation {
  readonly message: string;
  readonly span: { readonly file: string; readonly start: { readonly line: number; readonly offset: number } };
}

/** A change of files as tsserver sends it. */
export interface ServerChange {
  readonly fileName: string;
  readonly textChanges: readonly {
    readonly start: { readonly line: number; readonly offset: number };
    readonly end: { readonly line: number; readonly offset: number };
    readonly newText: string;
  }[];
}

export interface ServerFix {
  readonly description: string;
  readonly fixId?: string;
  readonly changes: readonly ServerChange[];
}

/** A text at a place, instead of what is there up to the end. Without an end nothing is replaced. */
interface Insertion {
  readonly line: number;
  readonly offset: number;
  readonly endLine?: number;
  readonly endOffset?: number;
  readonly text: string;
}

/** The compilers that the plugin runs in. */
export const compilers = { '5.4': 'typescript-5.4', '5.9': 'typescript-5.9', '6.0': 'typescript' } as const;

/** A real tsserver, spoken to as editors do. */
export interface Server {
  diagnostics(file: string): Promise<readonly ServerDiagnostic[]>;
  /** Whatever tsserver can be asked, of a file that is open. */
  ask<Answer>(command: string, args: object): Promise<Answer>;
  change(file: string, insertion: Insertion): void;
  replace(file: string, text: string): void;
  /** The projects of files that are closed end with the next that is opened. */
  close(file: string): void;
  stop(): Promise<void>;
}

/** The text of a file after a change. */
export function changed(text: string, { textChanges }: ServerChange): string {
  const lines = text.split('\n');
  const at = ({ line, offset }: { line: number; offset: number }): number =>
    lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0) + offset - 1;
  // What is inserted at one place goes there in the order of the changes.
  return [...textChanges]
    .reverse()
    .sort((a, b) => at(b.start) - at(a.start))
    .reduce((now, { start, end, newText }) => now.slice(0, at(start)) + newText + now.slice(at(end)), text);
}

interface Answer {
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: unknown;
}

/** @param log A file that hears of what the server and its plugins report. */
export function startServer(compiler: string = compilers['6.0'], log?: string): Server {
  const require = createRequire(import.meta.url);
  // Plugins are looked up from here, as an editor extension would have it.
  const probe = resolve(import.meta.dirname, '../../..');
  const child = spawn(
    process.execPath,
    [
      require.resolve(`${compiler}/lib/tsserver.js`),
      '--disableAutomaticTypingAcquisition',
      '--pluginProbeLocations',
      probe,
      ...(log === undefined ? [] : ['--logFile', log, '--logVerbosity', 'terse']),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const waiting = new Map<number, { resolve(body: unknown): void; reject(error: Error): void }>();
  const opened = new Set<string>();
  let sequence = 0;
  let buffer = '';

  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    buffer += chunk;
    // Every message is one line; the headers between them are not JSON.
    const lines = buffer.split('\n');
    buffer = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) receive(JSON.parse(line) as Answer);
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`tsserver ended with ${String(code)}`));
  });

  function receive({ request_seq: request, success, message, body }: Answer): void {
    const asked = request === undefined ? undefined : waiting.get(request);
    if (request === undefined || !asked) return;
    waiting.delete(request);
    if (success) asked.resolve(body);
    else asked.reject(new Error(message));
  }

  function send(command: string, args: object): number {
    sequence += 1;
    child.stdin.write(`${JSON.stringify({ seq: sequence, type: 'request', command, arguments: args })}\n`);
    return sequence;
  }

  function ask<Answer>(command: string, args: object): Promise<Answer> {
    const request = send(command, args);
    return new Promise((resolve, reject) => {
      waiting.set(request, { resolve: resolve as (body: unknown) => void, reject });
    });
  }

  return {
    ask,
    diagnostics(file) {
      if (!opened.has(file)) send('open', { file });
      opened.add(file);
      return ask('semanticDiagnosticsSync', { file });
    },
    change(file, { line, offset, endLine = line, endOffset = offset, text }) {
      send('change', { file, line, offset, endLine, endOffset, insertString: text });
    },
    replace(file, text) {
      if (opened.has(file)) send('close', { file });
      send('open', { file, fileContent: text });
      opened.add(file);
    },
    close(file) {
      send('close', { file });
      opened.delete(file);
    },
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
