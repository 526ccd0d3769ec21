import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { PackageFilesPort } from './package-files.js';
import { createPackageReach, type PackageReach } from './package-reach.js';

/** Files by path below `/app/node_modules/`; an object is the `package.json` of a folder. */
type Packages = Readonly<Record<string, string | object>>;

const root = '/app/node_modules';

function installed(packages: Packages): PackageFilesPort & { readonly readings: string[] } {
  const files = new Map<string, string>();
  for (const [path, content] of Object.entries(packages)) {
    if (typeof content === 'string') files.set(`${root}/${path}`, content);
    else files.set(`${root}/${path}/package.json`, JSON.stringify({ name: path, version: '1.0.0', ...content }));
  }
  const readings: string[] = [];
  return {
    readings,
    readFile(path) {
      readings.push(path);
      return files.get(path);
    },
    directoryExists: (path) => [...files.keys()].some((file) => file.startsWith(`${path}/`)),
  };
}

function reachIn(packages: Packages): PackageReach {
  return createPackageReach({ ts, files: installed(packages), catalogued: (name) => name === 'axios' });
}

/** What each member of the package `api` does. */
function verdicts(packages: Packages, ...names: (string | undefined)[]): Record<string, string> {
  const reach = reachIn({ api: {}, ...packages });
  return Object.fromEntries(names.map((name) => [name ?? '(itself)', reach.of(`${root}/api`, name)]));
}

describe('what a member of a package does', () => {
  it('follows it to the modules of Node that open connections (CommonJS)', () => {
    const text = `
      const http = require('node:http');
      function send(path) { return new Promise((resolve) => http.request(path, resolve).end()); }
      class Client {
        load(id) { return send('/' + id); }
        static parse(text) { return JSON.parse(text); }
      }
      exports.Client = Client;
      exports.format = (value) => String(value);
      exports.serve = (handler) => http.createServer(handler).listen(80);`;
    expect(verdicts({ 'api/index.js': text }, 'load', 'parse', 'format', 'serve')).toEqual({
      load: 'network',
      parse: 'local',
      format: 'local',
      serve: 'local',
    });
  });

  it('follows it to the global fetch (ECMAScript modules, several files)', () => {
    const packages: Packages = {
      api: { type: 'module', main: './dist/index.js' },
      'api/dist/index.js': `
        export { Client } from './client.js';
        export * from './format.js';
        export { default as sign } from './sign.mjs';`,
      'api/dist/client.js': `
        import { request } from './request.js';
        export class Client {
          #token;
          constructor(token) { this.#token = token; }
          async charge(order) { return request('/charges', order, this.#token); }
          describe() { return 'client of ' + this.#token; }
        }`,
      'api/dist/request.js': `
        export const request = async (path, body, token) => (await fetch('https://a' + path, { body })).json();`,
      'api/dist/format.js': `export function money(cents) { return (cents / 100).toFixed(2); }`,
      'api/dist/sign.mjs': `export default function sign(text) { return text + '!'; }`,
    };
    expect(verdicts(packages, 'charge', 'describe', 'money', 'sign')).toEqual({
      charge: 'network',
      describe: 'local',
      money: 'local',
      sign: 'local',
    });
  });

  it('judges what the package itself is, when that is called', () => {
    const text = `module.exports = function api(url) { return require('https').get(url); }; module.exports.join = (a, b) => a + b;`;
    expect(verdicts({ 'api/index.js': text }, undefined, 'join')).toEqual({ '(itself)': 'network', join: 'local' });
    expect(verdicts({ 'api/index.js': 'export default (a) => a;' }, undefined)).toEqual({ '(itself)': 'local' });
  });

  it('follows it into a dependency, and into the dependency of that', () => {
    const packages: Packages = {
      'api/index.js': `
        import { call } from 'transport';
        import { pad } from 'text-tools';
        export const load = (id) => call('/' + id);
        export const label = (id) => pad(id);`,
      transport: {},
      'transport/index.js': `
        const { open } = require('wire');
        exports.call = (path) => open(path);
        exports.pad = (text) => text;`,
      wire: {},
      'wire/index.js': `const net = require('net'); exports.open = (path) => net.connect(path);`,
      'text-tools': {},
      'text-tools/index.js': `exports.pad = (text) => text + ' ';`,
    };
    expect(verdicts(packages, 'load', 'label')).toEqual({ load: 'network', label: 'local' });
  });

  it('finds the dependency that is installed inside the package before the one beside it', () => {
    const packages: Packages = {
      'api/index.js': `const { call } = require('transport'); exports.load = () => call();`,
      'api/node_modules/transport': { name: 'transport' },
      'api/node_modules/transport/index.js': `exports.call = () => fetch('/a');`,
      transport: {},
      'transport/index.js': `exports.call = () => 1;`,
    };
    expect(verdicts(packages, 'load')).toEqual({ load: 'network' });
  });

  it('takes a client of the catalogue for the network without looking into it', () => {
    const files = installed({
      api: {},
      'api/index.js': `
        const axios = require('axios');
        const http = axios.create({ timeout: 5 });
        exports.load = (id) => http.get('/' + id);
        exports.isFailure = (error) => error instanceof TypeError;`,
      axios: {},
      'axios/index.js': 'module.exports = {};',
    });
    const reach = createPackageReach({ ts, files, catalogued: (name) => name === 'axios' });
    expect(reach.of(`${root}/api`, 'load')).toBe('network');
    expect(reach.of(`${root}/api`, 'isFailure')).toBe('local');
    expect(files.readings.filter((path) => path.includes('/axios/'))).toEqual([]);
  });

  it('reads a bundle of one minified line', () => {
    const text =
      '"use strict";var e=require("node:https"),t=class{constructor(e){this.o=e}load(t){return n(this.o,t)}' +
      'label(){return this.o.name}};function n(t,r){return new Promise((n,o)=>{e.request(t.url+r,n).on("error",o).end()})}' +
      'exports.Client=t,exports.trim=e=>e.trim();';
    expect(verdicts({ 'api/index.js': text }, 'load', 'label', 'trim')).toEqual({
      load: 'network',
      label: 'local',
      trim: 'local',
    });
  });

  it('finds nothing in a package that only parses', () => {
    const packages: Packages = {
      'api/index.js': `
        const { EventEmitter } = require('node:events');
        // Takes what fetch(url) or http.request(url) gave.
        class Parser extends EventEmitter { parse(text) { this.emit('end', text); return text.split('fetch('); } }
        exports.Parser = Parser;
        exports.get = (object, path) => object[path];
        exports.request = (text) => ({ text });`,
    };
    expect(verdicts(packages, 'parse', 'get', 'request', undefined)).toEqual({
      parse: 'local',
      get: 'local',
      request: 'local',
      '(itself)': 'local',
    });
    expect(reachIn({ api: {}, ...packages }).isNetworkPackage(`${root}/api`)).toBe(false);
  });

  it('takes no import for a use', () => {
    const packages: Packages = {
      // What `import type` leaves behind under some compilers.
      'api/index.js': `
        import 'node:http';
        import { IncomingMessage } from 'node:http';
        export const isMessage = (value) => value instanceof IncomingMessage;`,
      'api/index.d.ts': `import type { Agent } from 'node:http'; export function isMessage(value: Agent): boolean;`,
    };
    expect(verdicts(packages, 'isMessage')).toEqual({ isMessage: 'local' });
  });
});

describe('which files are the package', () => {
  const network = `exports.load = () => fetch('/a');`;
  const local = `exports.load = () => 1;`;

  it.each<[string, object]>([
    ['main', { main: 'lib/network' }],
    ['a folder as main', { main: './lib' }],
    ['exports as a string', { exports: './lib/network.js', main: './local.js' }],
    ['exports with conditions', { exports: { types: './local.js', node: { require: './lib/network.js' } } }],
    ['exports by subpath', { exports: { '.': { import: './lib/network.js', default: './local.js' } } }],
    ['a subpath beside the main entry', { exports: { '.': './local.js', './client': './lib/network.js' } }],
    ['a list of fallbacks', { exports: { '.': ['./lib/network.js', './local.js'] } }],
    ['module where there is no main', { module: './lib/network.js' }],
    ['what a bundler would take in browsers is no matter', { main: './lib/network.js', browser: './local.js' }],
  ])('follows %s', (_, manifest) => {
    const packages: Packages = {
      api: manifest,
      'api/lib/network.js': network,
      'api/lib/index.js': `module.exports = require('./network');`,
      'api/local.js': local,
    };
    expect(verdicts(packages, 'load')).toEqual({ load: 'network' });
  });

  it('does not take the browser flavour for what runs on a server', () => {
    const packages: Packages = {
      api: { main: './local.js', browser: './browser.js' },
      'api/local.js': local,
      'api/browser.js': network,
    };
    expect(verdicts(packages, 'load')).toEqual({ load: 'local' });
    const mapped: Packages = {
      api: { exports: { browser: './browser.js', default: './local.js' } },
      'api/local.js': local,
      'api/browser.js': network,
    };
    expect(verdicts(mapped, 'load')).toEqual({ load: 'local' });
  });

  it('resolves imports by `#`, and by the name of the package itself', () => {
    const packages: Packages = {
      api: { exports: { '.': './index.js', './wire': './wire.js' }, imports: { '#send': { default: './send.js' } } },
      'api/index.js': `import { send } from '#send'; import { open } from 'api/wire'; export const load = () => send(); export const dial = () => open(); export const name = () => 'api';`,
      'api/send.js': `export const send = () => fetch('/a');`,
      'api/wire.js': `import { connect } from 'node:tls'; export const open = () => connect(443);`,
    };
    expect(verdicts(packages, 'load', 'dial', 'name')).toEqual({ load: 'network', dial: 'network', name: 'local' });
  });

  it('reads the package that a folder of @types describes', () => {
    const reach = reachIn({
      '@types/api': { name: '@types/api' },
      '@types/api/index.d.ts': 'export function load(): void;',
      api: {},
      'api/index.js': network,
      '@types/acme__api': { name: '@types/acme__api' },
      '@acme/api': {},
      '@acme/api/index.js': network,
    });
    expect(reach.of(`${root}/@types/api`, 'load')).toBe('network');
    expect(reach.of(`${root}/@types/acme__api/`, 'load')).toBe('network');
  });
});

describe('a package that is odd', () => {
  it.each<[string, Packages]>([
    ['is not there', { api: 'not a folder' }],
    ['has no files', {}],
    ['has a package.json that is no JSON', { 'api/package.json': '{', 'api/index.js': 'fetch("/a");' }],
    ['has a package.json that is no object', { 'api/package.json': 'null', 'api/index.js': 'fetch("/a");' }],
    ['names an entry that is missing', { api: { main: './gone.js', exports: { '.': './gone.js' } } }],
    ['names entries outside of itself', { api: { main: '../../../etc/passwd', exports: './../../x.js' } }],
    ['has an entry of machine code', { api: { main: './build/addon.node' }, 'api/build/addon.node': 'fetch(' }],
    ['has exports of the wrong types', { api: { exports: { '.': 5, './a': null, './b': [] }, main: 7, imports: 'x' } }],
  ])('is unknown when it %s', (_, packages) => {
    expect(verdicts(packages, 'load', undefined)).toEqual({ load: 'unknown', '(itself)': 'unknown' });
  });

  it('is local when what it needs is missing', () => {
    const packages: Packages = {
      'api/index.js': `const gone = require('gone'); exports.load = () => gone.load(); exports.one = () => 1;`,
    };
    expect(verdicts(packages, 'load', 'one')).toEqual({ load: 'local', one: 'local' });
  });

  it.each([
    ['broken code', 'exports.load = (((; function } fetch('],
    ['nothing', ''],
    ['names of every object', 'exports.constructor = exports.__proto__ = exports.load = exports; exports.toString();'],
    ['a class that extends itself', 'class A extends A { load() { return super.load(); } } exports.A = A;'],
    ['values in a circle', 'let a = b, b = a; a.x = b; exports.load = a.x.x.x; exports.load = exports.load;'],
    ['functions in a circle', 'function f() { return g(); } function g() { return f(); } exports.load = f;'],
    ['files in a circle', 'exports.load = () => require("./index").load();'],
  ])('ends on %s', (_, text) => {
    expect(() => verdicts({ 'api/index.js': text }, 'load', 'constructor', '__proto__', undefined)).not.toThrow();
  });

  it.each([
    ['a long sum', `exports.sum = ${'1 + '.repeat(20_000)}1;`],
    ['a long list of commas', `${'a(), '.repeat(20_000)}b();`],
    ['a long chain', `exports.chain = a${'.b()'.repeat(20_000)};`],
    ['deep lists', `exports.list = ${'['.repeat(20_000)}${']'.repeat(20_000)};`],
    ['deep brackets without an end', '('.repeat(20_000)],
  ])('is judged by its other files where one is nested deeper than can be read: %s', (_, deep) => {
    const packages: Packages = {
      'api/index.js': `exports.load = require('./load').load; exports.one = () => 1; require('./deep');`,
      'api/load.js': `exports.load = () => fetch('/a');`,
      'api/deep.js': deep,
    };
    expect(verdicts(packages, 'load', 'one')).toEqual({ load: 'network', one: 'local' });
  });

  it('is searched in its text where it is nested deeper than can be read', () => {
    const deep = `exports.list = ${'['.repeat(20_000)}${']'.repeat(20_000)};`;
    expect(verdicts({ 'api/index.js': `exports.load = async () => await fetch('/a'); ${deep}` }, 'load')).toEqual({
      load: 'network',
    });
    expect(verdicts({ 'api/index.js': `exports.load = () => 1; ${deep}` }, 'load')).toEqual({ load: 'local' });
  });

  it('ends on files that re-export each other', () => {
    const packages: Packages = {
      'api/index.js': `export * from './a.js'; export * from './b.js';`,
      'api/a.js': `export * from './b.js'; export * from './index.js'; export const load = () => fetch('/a');`,
      'api/b.js': `export * from './a.js'; export const one = () => 1;`,
    };
    expect(verdicts(packages, 'load', 'one')).toEqual({ load: 'network', one: 'local' });
  });

  it('ends on packages that need each other', () => {
    const packages: Packages = {
      'api/index.js': `const { call } = require('other'); exports.load = () => call(); exports.one = () => 1;`,
      other: {},
      'other/index.js': `
        const api = require('api');
        exports.call = () => fetch('/a');
        exports.one = () => api.one();
        exports.load = () => api.load();`,
    };
    expect(verdicts(packages, 'load', 'one')).toEqual({ load: 'network', one: 'local' });
    const reach = reachIn({ api: {}, ...packages });
    expect(reach.of(`${root}/other`, 'call')).toBe('network');
    expect(reach.of(`${root}/other`, 'one')).toBe('local');
    expect(reach.of(`${root}/other`, 'load')).toBe('network');
  });

  it('is not followed for ever from dependency to dependency', () => {
    const packages: Record<string, string | object> = { 'api/index.js': `exports.load = require('d0').load;` };
    for (let at = 0; at < 40; at += 1) {
      packages[`d${String(at)}`] = {};
      packages[`d${String(at)}/index.js`] = `exports.load = require('d${String(at + 1)}').load;`;
    }
    const files = installed({ api: {}, ...packages });
    expect(createPackageReach({ ts, files, catalogued: () => false }).of(`${root}/api`, 'load')).toBe('local');
    expect(files.readings.filter((path) => path.includes('/d10/'))).toEqual([]);
  });
});

describe('a package that is huge', () => {
  const filler = (index: number): string => `exports.f${String(index)} = (a) => a + ${String(index)};\n`;

  it('is judged as a whole when it has too many files to parse', () => {
    const packages: Record<string, string | object> = { 'api/index.js': '' };
    for (let at = 0; at < 700; at += 1) {
      packages['api/index.js'] += `require('./f${String(at)}.js');\n`;
      packages[`api/f${String(at)}.js`] = filler(at);
    }
    expect(verdicts(packages, 'f1')).toEqual({ f1: 'local' });
    packages['api/f699.js'] = `exports.load = async () => await fetch('/a');`;
    expect(verdicts(packages, 'load', 'f1')).toEqual({ load: 'network', f1: 'network' });
  });

  it('is unknown when even that is too much, and nothing was found so far', () => {
    const packages: Record<string, string | object> = { 'api/index.js': '' };
    for (let at = 0; at < 1_600; at += 1) {
      packages['api/index.js'] += `require('./f${String(at)}.js');\n`;
      packages[`api/f${String(at)}.js`] = filler(at);
    }
    expect(verdicts(packages, 'f1')).toEqual({ f1: 'unknown' });
    packages['api/f5.js'] = `exports.load = async () => await fetch('/a');`;
    expect(verdicts(packages, 'load')).toEqual({ load: 'network' });
  });

  it('is searched in its text where one file is too large to parse', () => {
    const large = `${'//'.padEnd(1_000, '-')}\n`.repeat(250);
    expect(verdicts({ 'api/index.js': `${large}exports.load = () => 1;` }, 'load')).toEqual({ load: 'local' });
    const text = `${large}exports.load = async () => await fetch('/a'); exports.one = () => 1;`;
    expect(verdicts({ 'api/index.js': text }, 'load', 'one')).toEqual({ load: 'network', one: 'local' });
  });
});

describe('answers', () => {
  it('are kept for the same files, and looked up once', () => {
    const files = installed({ api: {}, 'api/index.js': `exports.load = () => fetch('/a');` });
    const ask = (): string => createPackageReach({ ts, files, catalogued: () => false }).of(`${root}/api`, 'load');
    expect(ask()).toBe('network');
    const before = files.readings.filter((path) => path.endsWith('index.js')).length;
    expect(ask()).toBe('network');
    expect(files.readings.filter((path) => path.endsWith('index.js'))).toHaveLength(before);
  });
});

describe('whether a package sets timeouts itself', () => {
  const sets = (text: string): boolean =>
    reachIn({ api: {}, 'api/index.js': text, 'api/package.json': '{}' }).setsTimeouts(`${root}/api`);

  it.each([
    'module.exports = { defaultQueryTimeoutMs: 60000 };',
    'exports.defaults = { "timeout": 5_000 };',
    'var a={timeout:6e4}',
    'const REQUEST_TIMEOUT = 10000;',
  ])('%s', (text) => {
    expect(sets(text)).toBe(true);
  });

  it.each([
    'exports.send = (options) => options.timeout;',
    'exports.defaults = { timeout: 0 };',
    'exports.defaults = { connectTimeoutMs: 20000 };',
    'setTimeout(() => {}, 1000);',
    '',
  ])('%s does not', (text) => {
    expect(sets(text)).toBe(false);
  });
});
