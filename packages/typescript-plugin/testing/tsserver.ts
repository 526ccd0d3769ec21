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
}

/** A real tsserver, spoken to as editors do. */
export interface Server {
  diagnostics(file: string): Promise<readonly ServerDiagnostic[]>;
  change(file: string, insertion: { readonly line: number; readonly offset: number; readonly text: string }): void;
  stop(): Promise<void>;
}

interface Answer {
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: unknown;
}

export function startServer(): Server {
  const require = createRequire(import.meta.url);
  // Plugins are looked up from here, as an editor extension would have it.
  const probe = resolve(import.meta.dirname, '../../..');
  const child = spawn(
    process.execPath,
    [
      require.resolve('typescript/lib/tsserver.js'),
      '--disableAutomaticTypingAcquisition',
      '--pluginProbeLocations',
      probe,
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

  return {
    diagnostics(file) {
      if (!opened.has(file)) send('open', { file });
      opened.add(file);
      const request = send('semanticDiagnosticsSync', { file });
      return new Promise((resolve, reject) => {
        waiting.set(request, { resolve: resolve as (body: unknown) => void, reject });
      });
    },
    change(file, { line, offset, text }) {
      send('change', { file, line, offset, endLine: line, endOffset: offset, insertString: text });
    },
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
