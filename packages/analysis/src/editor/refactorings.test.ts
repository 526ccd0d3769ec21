import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnalyzer, type Edit } from '../index.js';

/** One piece of code, and what is offered for what is between `[` and `]`. */
interface Case {
  readonly name: string;
  readonly code: string;
  /** The names of what is offered, without types of decorators told apart; `legacy` where `experimentalDecorators` differ. */
  readonly offered: readonly string[];
  readonly legacy?: readonly string[];
  /** Lines of the result, of the action that is named. */
  readonly result?: Readonly<Record<string, string>>;
}

const all = ['guardWithTimeout', 'guardWithBreaker', 'guardWithRetry'];
const withoutRetry = ['guardWithTimeout', 'guardWithBreaker'];

const cases: readonly Case[] = [
  {
    name: 'a method that reads',
    code: `export class Users {
  async «load»(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    offered: all,
    result: {
      guardWithRetry: `import { CircuitBreaker, Retry, Timeout } from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

export class Users {
  @Retry({ maxAttempts: 3, baseDelay: 100 })
  @CircuitBreaker({ name: 'users.load', recoveryTimeout: 10_000 })
  @Timeout(2_000)
  async load(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`, { signal: currentSignal() });
  }
}
`,
    },
  },
  {
    name: 'a method that writes, which is not repeated',
    code: `export class Users {
  async «add»(name: string): Promise<Response> {
    return fetch('https://users.internal', { method: 'POST', body: name });
  }
}
`,
    offered: withoutRetry,
  },
  {
    name: 'a method that sends the key that it is given',
    code: `export class Users {
  async «add»(name: string, key: string): Promise<Response> {
    return fetch('https://users.internal', { method: 'POST', body: name, headers: { 'Idempotency-Key': key } });
  }
}
`,
    offered: all,
  },
  {
    name: 'a method that makes a key of its own, which each attempt would make anew',
    code: `export class Users {
  async «add»(name: string): Promise<Response> {
    const key = crypto.randomUUID();
    return fetch('https://users.internal', { method: 'POST', body: name, headers: { 'Idempotency-Key': key } });
  }
}
`,
    offered: withoutRetry,
  },
  {
    name: 'a method whose writes are idempotent',
    code: `export class Users {
  async «remove»(id: string): Promise<void> {
    await fetch(\`https://users.internal/\${id}\`, { method: 'DELETE' });
  }
}
`,
    offered: all,
  },
  {
    name: 'a method that reads in another method and counts',
    code: `export class Users {
  count = 0;
  async «load»(id: string): Promise<Response> {
    this.count += 1;
    return this.read(id);
  }
  private async read(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    offered: withoutRetry,
  },
  {
    name: 'a method that reads in another method and waits for what nobody knows',
    code: `interface Mailer {
  send(text: string): Promise<void>;
}
export class Users {
  constructor(private readonly mailer: Mailer) {}
  async «load»(id: string): Promise<Response> {
    const user = await this.read(id);
    await this.mailer.send(id);
    return user;
  }
  private async read(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    offered: withoutRetry,
  },
  {
    name: 'a method that reads in another method',
    code: `export class Users {
  async «load»(id: string): Promise<string> {
    const [user, name] = await Promise.all([this.read(id), this.read('name')]);
    console.log(user.status);
    return user.text() + (await name.text());
  }
  private async read(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    offered: all,
  },
  {
    name: 'a method that returns a promise without being async',
    code: `export class Users {
  «load»(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    offered: all,
  },
  {
    name: 'a method that returns a promise only sometimes',
    code: `export class Users {
  private readonly known = new Map<string, Response>();
  «load»(id: string): Response | Promise<Response> {
    return this.known.get(id) ?? fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    offered: [],
  },
  {
    name: 'a method that does not leave the process',
    code: `export class Users {
  async «load»(id: string): Promise<string> {
    return id;
  }
}
`,
    offered: [],
  },
  {
    name: 'a method that is guarded',
    code: `import { Timeout } from '@holdfast/runtime';

export class Users {
  @Timeout(1_000)
  async «load»(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    offered: [],
  },
  {
    name: 'a method whose call is guarded',
    code: `import { withTimeout } from '@holdfast/runtime';

export class Users {
  async «load»(id: string): Promise<Response> {
    return withTimeout(({ signal }) => fetch(\`https://users.internal/\${id}\`, { signal }), 1_000);
  }
}
`,
    offered: [],
  },
  {
    name: 'a method that says by itself that it failed',
    code: `export class Users {
  async «load»(id: string): Promise<Response> {
    if (id === '') throw new RangeError('no id');
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    offered: ['guardWithTimeout'],
  },
  {
    name: 'a method that says so by the status',
    code: `export class Users {
  async «load»(id: string): Promise<unknown> {
    const response = await fetch(\`https://users.internal/\${id}\`);
    if (!response.ok) throw new Error(\`answered \${String(response.status)}\`);
    return response.json();
  }
}
`,
    offered: all,
  },
  {
    name: 'a method that catches the failure',
    code: `export class Users {
  async «load»(id: string): Promise<Response | undefined> {
    try {
      return await fetch(\`https://users.internal/\${id}\`);
    } catch {
      return undefined;
    }
  }
}
`,
    offered: ['guardWithTimeout'],
  },
  {
    name: 'a private method',
    code: `export class Users {
  load = (id: string) => this.#load(id);
  async «#load»(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    offered: all,
    legacy: [],
  },
  {
    name: 'a field that holds a function',
    code: `export class Users {
  «load» = async (id: string): Promise<Response> => fetch(\`https://users.internal/\${id}\`);
}
`,
    offered: all,
    legacy: [],
  },
  {
    name: 'a static method',
    code: `export class Users {
  public static async «load»(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    offered: all,
  },
  {
    name: 'a method of a class expression',
    code: `export const Users = class {
  async «load»(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
};
`,
    offered: all,
    legacy: [],
  },
  {
    name: 'a method of an object',
    code: `export const users = {
  async «load»(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  },
};
`,
    offered: [],
  },
  {
    name: 'a constructor',
    code: `export class Users {
  readonly ready: Promise<Response>;
  «constructor»() {
    this.ready = fetch('https://users.internal');
  }
}
`,
    offered: [],
  },
  {
    name: 'an accessor',
    code: `export class Users {
  get «all»(): Promise<Response> {
    return fetch('https://users.internal');
  }
}
`,
    offered: [],
  },
  {
    name: 'a generator',
    code: `export class Users {
  async *«all»(): AsyncGenerator<Response> {
    yield await fetch('https://users.internal');
  }
}
`,
    offered: [],
  },
  {
    name: 'an abstract method',
    code: `export abstract class Users {
  abstract «load»(id: string): Promise<Response>;
}
`,
    offered: [],
  },
  {
    name: 'an implementation behind overloads',
    code: `export class Users {
  load(id: string): Promise<Response>;
  load(id: string, page: number): Promise<Response>;
  async «load»(id: string, page = 0): Promise<Response> {
    return fetch(\`https://users.internal/\${id}?page=\${String(page)}\`);
  }
}
`,
    offered: all,
  },
  {
    name: 'an overload',
    code: `export class Users {
  «load»(id: string): Promise<Response>;
  load(id: string, page: number): Promise<Response>;
  async load(id: string, page = 0): Promise<Response> {
    return fetch(\`https://users.internal/\${id}?page=\${String(page)}\`);
  }
}
`,
    offered: [],
  },
  {
    name: 'a class whose parameters are decorated',
    code: `declare const Inject: any;
export class Users {
  constructor(@Inject() private readonly base: string) {}
  async «load»(id: string): Promise<Response> {
    return fetch(\`\${this.base}/\${id}\`);
  }
}
`,
    offered: [],
    legacy: all,
  },
  {
    name: 'a handler of a framework, which is not repeated',
    code: `declare const Get: (path: string) => any;
export class Users {
  /** One user. */
  @Get('/users/:id')
  // eslint-disable-next-line complexity
  public async «load»(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    offered: withoutRetry,
    result: {
      guardWithTimeout: `import { Timeout } from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

declare const Get: (path: string) => any;
export class Users {
  /** One user. */
  @Get('/users/:id')
  @Timeout(2_000)
  // eslint-disable-next-line complexity
  public async load(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`, { signal: currentSignal() });
  }
}
`,
    },
  },
  {
    name: 'a method beside its decorator',
    code: `declare const Get: () => any;
export class Users {
  @Get() async «load»(): Promise<Response> {
    return fetch('https://users.internal');
  }
}
`,
    offered: withoutRetry,
    result: {
      guardWithTimeout: `import { Timeout } from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

declare const Get: () => any;
export class Users {
  @Get()
  @Timeout(2_000)
  async load(): Promise<Response> {
    return fetch('https://users.internal', { signal: currentSignal() });
  }
}
`,
    },
  },
  {
    name: 'a file with a shebang, a licence, a directive and double quotes',
    code: `#!/usr/bin/env node
/*! Copyright of somebody. */
"use strict";

// What this is about.
export class HTTPUsers {
	async «load»(): Promise<Response> {
		return fetch("https://users.internal");
	}
}
`,
    offered: all,
    result: {
      guardWithBreaker: `#!/usr/bin/env node
/*! Copyright of somebody. */
"use strict";

import { CircuitBreaker, Timeout } from "@holdfast/runtime";
import { currentSignal } from "@holdfast/runtime/context";

// What this is about.
export class HTTPUsers {
	@CircuitBreaker({ name: "http-users.load", recoveryTimeout: 10_000 })
	@Timeout(2_000)
	async load(): Promise<Response> {
		return fetch("https://users.internal", { signal: currentSignal() });
	}
}
`,
    },
  },
  {
    name: 'a file whose imports are in the way',
    code: `import type { Policy } from '@holdfast/runtime';
import {
  retry,
  timeout as Timeout,
} from '@holdfast/runtime'; // policies
import { a } from './a.js';

export const policies: Policy[] = [retry({ maxAttempts: 2 }), Timeout(a)];
export class Users {
  async «load»(): Promise<Response> {
    return fetch('https://users.internal');
  }
}
`,
    offered: all,
    result: {
      guardWithBreaker: `import type { Policy } from '@holdfast/runtime';
import {
  retry,
  timeout as Timeout,
  CircuitBreaker,
  Timeout as HoldfastTimeout,
} from '@holdfast/runtime'; // policies
import { currentSignal } from '@holdfast/runtime/context';
import { a } from './a.js';

export const policies: Policy[] = [retry({ maxAttempts: 2 }), Timeout(a)];
export class Users {
  @CircuitBreaker({ name: 'users.load', recoveryTimeout: 10_000 })
  @HoldfastTimeout(2_000)
  async load(): Promise<Response> {
    return fetch('https://users.internal', { signal: currentSignal() });
  }
}
`,
    },
  },
  {
    name: 'a file that imports types alone, and knows the name',
    code: `import {type Retry, type Policy} from '@holdfast/runtime';
import type { OperationContext } from '@holdfast/runtime/context';

export type A = typeof Retry | Policy | OperationContext;
export class Users {
  async «load»(): Promise<Response> {
    return fetch('https://users.internal');
  }
}
`,
    offered: all,
  },
  {
    name: 'a file that imports the namespace',
    code: `import * as holdfast from '@holdfast/runtime';

export const policy = holdfast.retry();
export class Users {
  async «load»(): Promise<Response> {
    return fetch('https://users.internal', {
      method: 'GET',
    });
  }
}
`,
    offered: all,
    result: {
      guardWithTimeout: `import * as holdfast from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

export const policy = holdfast.retry();
export class Users {
  @holdfast.Timeout(2_000)
  async load(): Promise<Response> {
    return fetch('https://users.internal', {
      method: 'GET',
      signal: currentSignal(),
    });
  }
}
`,
    },
  },
  {
    name: 'a call',
    code: `import { a } from './a.js';

export const load = async () => «fetch»(a + '/users');
`,
    offered: ['guardCall'],
    result: {
      guardCall: `import { withTimeout } from '@holdfast/runtime';
import { a } from './a.js';

export const load = async () => withTimeout(({ signal }) => fetch(a + '/users', { signal }), 2_000);
`,
    },
  },
  {
    name: 'a call whose options are a value',
    code: `export async function load(init?: RequestInit): Promise<Response> {
  return «fetch»('https://users.internal', init);
}
`,
    offered: ['guardCall'],
    result: {
      guardCall: `import { withTimeout } from '@holdfast/runtime';

export async function load(init?: RequestInit): Promise<Response> {
  return withTimeout(({ signal }) => fetch('https://users.internal', { ...init, signal }), 2_000);
}
`,
    },
  },
  {
    name: 'a call of which a signal is an argument',
    code: `export async function load(signal: string): Promise<Response> {
  return «fetch»('https://users.internal/' + signal);
}
`,
    offered: ['guardCall'],
    result: {
      guardCall: `import { withTimeout } from '@holdfast/runtime';

export async function load(signal: string): Promise<Response> {
  return withTimeout((context) => fetch('https://users.internal/' + signal, { signal: context.signal }), 2_000);
}
`,
    },
  },
  {
    name: 'the head of a chain',
    code: `export function load(): Promise<number> {
  return «fetch»('https://users.internal').then(({ status }) => status);
}
`,
    offered: ['guardCall'],
  },
  {
    name: 'a call whose arguments wait',
    code: `export async function load(id: Promise<string>): Promise<Response> {
  return «fetch»('https://users.internal/' + (await id));
}
`,
    offered: [],
  },
  {
    name: 'a call whose arguments yield',
    code: `export function* load(): Generator<string, Response, string> {
  return (yield (async () => 'a')) && («fetch»('https://users.internal/' + (yield 'id')) as never);
}
`,
    offered: [],
  },
  {
    name: 'a call whose arguments are those of the function around it',
    code: `export function load(_id: string): Promise<Response> {
  return «fetch»('https://users.internal/' + String(arguments[0]));
}
`,
    offered: [],
  },
  {
    name: 'a call with something of a base class',
    code: `class Base {
  url(): string {
    return 'https://users.internal';
  }
}
export class Users extends Base {
  readonly all = () => super.url();
  async load(): Promise<Response> {
    return «fetch»(super.url());
  }
}
`,
    offered: [],
  },
  {
    name: 'a call that rests on a check',
    code: `export class Users {
  url: string | undefined;
  async load(): Promise<Response | undefined> {
    if (this.url === undefined) return undefined;
    return «fetch»(this.url);
  }
}
`,
    offered: [],
  },
  {
    name: 'a call that rests on a check of what does not change',
    code: `export async function load(id: string | undefined): Promise<Response | undefined> {
  const url = id && 'https://users.internal/' + id;
  if (!url) return undefined;
  return «fetch»(url);
}
`,
    offered: ['guardCall'],
  },
  {
    name: 'a call that rests on a check of a parameter',
    code: `export async function load(url?: string): Promise<Response | undefined> {
  if (url === undefined) return undefined;
  return «fetch»(url);
}
`,
    offered: ['guardCall'],
  },
  {
    name: 'a call that rests on a check of what changes',
    code: `export async function load(url?: string): Promise<Response | undefined> {
  while (url !== undefined) {
    const response = await «fetch»(url);
    url = response.headers.get('location') ?? undefined;
  }
  return undefined;
}
`,
    offered: [],
  },
  {
    name: 'a call that may not happen',
    code: `export class Users {
  http?: typeof globalThis;
  async load(): Promise<Response | undefined> {
    return «this.http?.fetch»('https://users.internal');
  }
}
`,
    offered: [],
  },
  {
    name: 'a method that only starts something',
    code: `export class Users {
  async «start»(): Promise<void> {
    setInterval(() => void fetch('https://users.internal'), 1_000);
  }
}
`,
    offered: [],
  },
  {
    name: 'a method that starts something and waits for something else',
    code: `export class Users {
  async «load»(): Promise<Response> {
    void fetch('https://audit.internal', { method: 'POST' });
    return fetch('https://users.internal');
  }
}
`,
    offered: withoutRetry,
    result: {
      guardWithTimeout: `import { Timeout } from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

export class Users {
  @Timeout(2_000)
  async load(): Promise<Response> {
    void fetch('https://audit.internal', { method: 'POST' });
    return fetch('https://users.internal', { signal: currentSignal() });
  }
}
`,
    },
  },
  {
    name: 'a method that reads an answer bit by bit',
    code: `export class Users {
  async «load»(to: WritableStream): Promise<void> {
    const response = await fetch('https://users.internal');
    await response.body?.pipeTo(to);
  }
}
`,
    offered: [],
  },
  {
    name: 'a call that nobody waits for',
    code: `export function notify(): void {
  void «fetch»('https://users.internal');
}
`,
    offered: [],
  },
  {
    name: 'a call that sends a stream',
    code: `export async function send(body: ReadableStream<Uint8Array>): Promise<Response> {
  return «fetch»('https://users.internal', { method: 'PUT', body, duplex: 'half' } as RequestInit);
}
`,
    offered: [],
  },
  {
    name: 'a call in the argument of a decorator',
    code: `declare const Load: (loading: Promise<Response>) => any;
export class Users {
  @Load(«fetch»('https://users.internal'))
  async load(): Promise<void> {}
}
`,
    offered: [],
  },
  {
    name: 'a call that all callers guard',
    code: `import { withTimeout } from '@holdfast/runtime';

function read(): Promise<Response> {
  return «fetch»('https://users.internal');
}
export const load = () => withTimeout(() => read(), 1_000);
`,
    offered: [],
  },
  {
    name: 'a call with a timeout of its own',
    code: `export const load = () => «fetch»('https://users.internal', { signal: AbortSignal.timeout(1_000) });
`,
    offered: [],
  },
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  mkdirSync(join(folder, 'node_modules/@holdfast'), { recursive: true });
  symlinkSync(resolve(import.meta.dirname, '../../../runtime'), join(folder, 'node_modules/@holdfast/runtime'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'a.d.ts'), 'export declare const a: any;');
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Declarations of the compiler and of the runtime, which are the same each time. */
const declarations = new Map<string, ts.SourceFile | undefined>();

function programOf(text: string, isLegacy: boolean): { program: ts.Program; file: ts.SourceFile } {
  const name = join(folder, 'service.ts');
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    experimentalDecorators: isLegacy,
  };
  const host = ts.createCompilerHost(options, true);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => file === name || fileExists(file);
  host.readFile = (file) => (file === name ? text : readFile(file));
  host.getSourceFile = (file, ...rest) => {
    if (file === name) return ts.createSourceFile(file, text, ...([rest[0]] as const), true);
    if (!declarations.has(file)) declarations.set(file, getSourceFile(file, ...rest));
    return declarations.get(file);
  };
  const program = ts.createProgram([name], options, host);
  return { program, file: program.getSourceFile(name)! };
}

function applied(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .reverse()
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: added }) => now.slice(0, start) + added + now.slice(end), text);
}

function errorsOf(text: string, isLegacy: boolean): string[] {
  const { program, file } = programOf(text, isLegacy);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

const styles = ['LF', 'CRLF', 'no semicolons'] as const;

function inStyle(code: string, style: (typeof styles)[number]): string {
  if (style === 'CRLF') return code.replaceAll('\n', '\r\n');
  return style === 'no semicolons' ? code.replace(/;$/gm, '') : code;
}

describe.each(cases)('$name', ({ code, offered, legacy = offered, result = {} }) => {
  describe.each(styles)('%s', (style) => {
    it.each([false, true])(
      'is offered what it can be given, and that compiles (experimentalDecorators: %s)',
      (isLegacy) => {
        const marked = inStyle(code, style);
        const start = marked.indexOf('«');
        const end = marked.indexOf('»') - 1;
        const text = marked.replace(/[«»]/g, '');
        const { program, file } = programOf(text, isLegacy);
        const analyzer = createAnalyzer({
          ts,
          program,
          onError: (error) => {
            throw error;
          },
        });
        const actions = analyzer.refactorings(file, { start, end }).flatMap(({ actions }) => actions);
        expect(actions.map(({ name }) => name)).toEqual(isLegacy ? legacy : offered);
        const before = errorsOf(text, isLegacy);
        for (const { name, edits } of actions) {
          const changed = applied(text, edits);
          expect(errorsOf(changed, isLegacy)).toEqual(before);
          if (style === 'CRLF') expect(changed.replaceAll('\r\n', '')).not.toContain('\n');
          if (style === 'no semicolons') expect(changed).not.toMatch(/;$/m);
          if (result[name]) expect(changed).toBe(inStyle(result[name], style));
        }
      },
    );
  });
});
