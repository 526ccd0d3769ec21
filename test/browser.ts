import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const usual = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A browser that is installed: `CHROME_PATH`, or one of the usual names. */
export const browserPath: string | undefined = [
  ...(process.env['CHROME_PATH'] ? [process.env['CHROME_PATH']] : []),
  ...(process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
  ...usual,
].find((path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** A page in a browser without a window, spoken to over a pipe. */
export interface Page {
  /** Loads a file; answers when it has loaded. */
  open(url: string): Promise<void>;
  /** The value of an expression in the page, as plain data. */
  evaluate<T>(expression: string): Promise<T>;
  send(method: string, params?: object): Promise<unknown>;
  /** Everything that the page asked for since it was opened. */
  readonly requests: string[];
  /** Errors of its scripts, and what its policy forbade. */
  readonly complaints: string[];
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, never>;
  readonly result?: Record<string, never>;
  readonly error?: { readonly message: string };
}

const flags =
  '--headless --remote-debugging-pipe --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --window-size=1600,1000';

/** @see https://chromedevtools.github.io/devtools-protocol/ */
export async function openBrowser(path: string): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), 'holdfast-browser-'));
  const child = spawn(path, [...flags.split(' '), `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [input, output] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  // Whoever waits for an answer then waits no longer.
  const ended = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${path} has ended`));
  });
  input.on('error', () => undefined);
  const requests: string[] = [];
  const complaints: string[] = [];
  let onLoad = (): void => undefined;
  let session: string | undefined;
  let count = 0;

  const receive = ({ id, method, params, result, error }: Message): void => {
    if (id !== undefined) {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (error) asked?.reject(new Error(error.message));
      else asked?.resolve(result as never);
    } else if (method === 'Network.requestWillBeSent') requests.push((params!['request'] as { url: string }).url);
    else if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded')
      complaints.push(JSON.stringify(params));
    else if (method === 'Page.loadEventFired') onLoad();
  };
  let text = '';
  output.setEncoding('utf8').on('data', (part: string) => {
    const messages = (text + part).split('\0');
    text = messages.pop()!;
    for (const message of messages) receive(JSON.parse(message) as Message);
  });
  const send = async (method: string, params: object = {}): Promise<never> => {
    const id = (count += 1);
    input.write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`);
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  };

  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  session = sessionId;
  for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await send(`${domain}.enable`);

  return {
    requests,
    complaints,
    send,
    async open(url) {
      requests.length = 0;
      complaints.length = 0;
      const loaded = new Promise<void>((resolve) => (onLoad = resolve));
      await send('Page.navigate', { url });
      await loaded;
    },
    async evaluate<T>(expression: string): Promise<T> {
      const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, returnByValue: true });
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
      return (result as { value: T }).value;
    },
    async close() {
      session = undefined;
      await send('Browser.close');
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
