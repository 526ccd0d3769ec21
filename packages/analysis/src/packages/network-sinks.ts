/** What an export of a module or a global does by itself. */
export type Sink = 'network' | 'harmless';

/** Node's own modules that open connections, and their members that do so. Listening is not among them. */
const SINK_MEMBERS: Readonly<Record<string, ReadonlySet<string>>> = {
  http: new Set(['request', 'get', 'ClientRequest', 'WebSocket']),
  https: new Set(['request', 'get']),
  http2: new Set(['connect']),
  net: new Set(['connect', 'createConnection', 'Socket', 'Stream']),
  tls: new Set(['connect']),
  dgram: new Set(['createSocket', 'Socket']),
};

const SINK_GLOBALS = new Set(['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource']);

/** What clients export beside the client: errors, guards, constants, data classes, servers. */
const HARMLESS_EXPORT =
  /^(?:is[A-Z]\w*|\w*(?:Error|Exception|Server|Sender|Receiver)|[A-Z][A-Z\d_]*|Abort(?:Controller|Signal)|Blob|File|FormData|Headers|Request|Response|__esModule)$/;

const SINK_GLOBAL = /\b(?:fetch|XMLHttpRequest|WebSocket|EventSource)\b/g;
/** What stands before a global that is used; before a method of that name, or the word in a comment, other things do. */
const BEFORE_GLOBAL = /(?:[=(,?:|&!;{}>[]|\b(?:return|await|typeof|new)|\b(?:globalThis|global|window|self)\??\.)\s*$/;
/** Emscripten's loader can fetch its own binary, which it does in browsers only. */
const EMSCRIPTEN = /Emscripten|ENVIRONMENT_IS_NODE/;

const READS_AS_SINK =
  /(?:(?:await|return|=>|=)\s*fetch|new\s+(?:XMLHttpRequest|WebSocket|EventSource)|\bhttps?\w*(?:\.default)?\.(?:request|get)|\b(?:net|tls|http2)\w*(?:\.default)?\.(?:connect|createConnection)|\.createSocket)\s*\(/g;

const COMMENTED_LINE = /^\s*(?:\*|\/[/*])/;

export function isSinkModule(specifier: string): boolean {
  return Object.hasOwn(SINK_MEMBERS, withoutNode(specifier));
}

export function isSinkGlobal(name: string): boolean {
  return SINK_GLOBALS.has(name);
}

/** Without a member, the whole module is handed on: `const transport = secure ? https : http`. */
export function sinkOf(specifier: string, member: string | undefined): Sink {
  const members = SINK_MEMBERS[withoutNode(specifier)];
  return members && (member === undefined || members.has(member)) ? 'network' : 'harmless';
}

export function isHarmlessExport(name: string | undefined): boolean {
  return name !== undefined && HARMLESS_EXPORT.test(name);
}

/** Whether it is worth parsing the text in search of a global that opens connections. */
export function mentionsSinkGlobal(text: string): boolean {
  for (const { index } of text.matchAll(SINK_GLOBAL)) {
    if (BEFORE_GLOBAL.test(text.slice(Math.max(0, index - 24), index)) && !isCommented(text, index)) {
      return !EMSCRIPTEN.test(text);
    }
  }
  return false;
}

/** A guess from the text alone, for files that are too large to parse. */
export function readsAsSink(text: string): boolean {
  for (const { index } of text.matchAll(READS_AS_SINK)) {
    if (!isCommented(text, index)) return !EMSCRIPTEN.test(text);
  }
  return false;
}

function isCommented(text: string, index: number): boolean {
  return COMMENTED_LINE.test(text.slice(text.lastIndexOf('\n', index) + 1, index));
}

function withoutNode(specifier: string): string {
  return specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
}
