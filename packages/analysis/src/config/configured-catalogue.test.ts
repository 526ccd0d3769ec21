import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../analyzer.js';
import type { Finding } from '../finding.js';
import type { OutboundCall } from '../outbound-call.js';
import type { Assumption, Config } from './config.js';
import { configuredCatalogue } from './configured-catalogue.js';
import { defaultCatalogue } from '../catalogue/default-catalogue.js';

const database = `
import { Pool } from 'pg';
const pool = new Pool();
export const all = () => pool.query('select 1');
`;
const billing = `
import { Client } from '@acme/billing';
const client = new Client();
export const charge = async () => client.charge(1);
export const search = async () => client.search('a');
`;
const rows: Config['catalogue'] = [
  {
    module: '@acme/billing',
    kind: 'http',
    client: { timeout: ['timeout'] },
    types: {
      Client: { constructed: { options: 0 }, members: { charge: { effect: 'write' }, search: { effect: 'write' } } },
    },
  },
];

function analyzer(config: Config | undefined) {
  const onError = (error: unknown): never => {
    throw error;
  };
  return createAnalyzer({ ts, onError, config });
}

function source(text: string): ts.SourceFile {
  return ts.createSourceFile('/service/a.ts', text, ts.ScriptTarget.Latest, true);
}

const callsOf = (text: string, config?: Config): readonly OutboundCall[] =>
  analyzer(config).outboundCalls(source(text));
const findingsOf = (text: string, config?: Config): readonly Finding[] => analyzer(config).analyze(source(text));
const assuming = (...assume: Assumption[]): Config => ({ assume });

describe('rows of a project', () => {
  it('describe a package that the catalogue does not know', () => {
    expect(callsOf(billing)).toEqual([]);
    expect(callsOf(billing, { catalogue: rows }).map(({ target }) => target)).toMatchObject([
      { module: '@acme/billing', export: 'Client', member: 'charge', kind: 'http' },
      { member: 'search' },
    ]);
    expect(findingsOf(billing, { catalogue: rows })).toMatchObject([{ ruleId: 'no-unguarded-outbound-call' }]);
  });

  it('replace known rows name by name and leave the others', () => {
    const text = `import axios from 'axios';\nexport const a = () => axios.get('/');\nexport const b = () => axios.post('/');`;
    const config: Config = {
      catalogue: [{ module: 'axios', types: { Axios: { members: { post: { effect: 'read' } } } } }],
    };
    expect(callsOf(text, config).map(({ operation }) => operation)).toEqual([
      { effect: 'read', method: 'GET' },
      { effect: 'read' },
    ]);
  });

  it('hold under every name of a package', () => {
    const config: Config = { catalogue: [{ module: 'node:http', exports: { get: { effect: 'write' } } }] };
    for (const name of ['http', 'node:http']) {
      const [call] = callsOf(`import http from '${name}';\nexport const a = () => http.get('http://a');`, config);
      expect(call).toMatchObject({ operation: { effect: 'write' } });
    }
  });
});

describe('an assumption', () => {
  const because = 'statement_timeout in the connection string';

  it('of a timeout guards all calls of a package, and says so', () => {
    expect(findingsOf(database)).toHaveLength(1);
    const config = assuming({ module: 'pg', timeout: true, because });
    expect(findingsOf(database, config)).toEqual([]);
    expect(callsOf(database, config)).toMatchObject([
      { timeout: 'own', guard: { policy: 'assumed in holdfast.config', text: 'pool.query' } },
    ]);
  });

  it('of a timeout holds for one type or one member alone', () => {
    expect(findingsOf(database, assuming({ module: 'pg', type: 'Pool', timeout: true, because }))).toEqual([]);
    expect(findingsOf(database, assuming({ module: 'pg', type: 'Client', timeout: true, because }))).toHaveLength(1);
    expect(findingsOf(database, assuming({ module: 'pg', member: 'query', timeout: true, because }))).toEqual([]);
    expect(findingsOf(database, assuming({ module: 'pg', member: 'connect', timeout: true, because }))).toHaveLength(1);
    const fetched = 'export const a = () => fetch("/a");';
    expect(findingsOf(fetched, assuming({ module: 'global', member: 'fetch', timeout: true, because }))).toEqual([]);
  });

  it('of an effect holds for one member, with or without its type, and above rows of the project', () => {
    for (const type of ['Client', undefined]) {
      const assume = [
        { module: '@acme/billing', member: 'search', effect: 'read' as const, ...(type ? { type } : {}) },
      ];
      const calls = callsOf(billing, { catalogue: rows, assume });
      expect(calls.map(({ operation }) => operation.effect)).toEqual(['write', 'read']);
    }
  });

  it('of an effect holds for a type, with what it inherits, and for a package', () => {
    const text = `import axios from 'axios';\nconst http = axios.create();\nexport const a = () => http.post('/');`;
    for (const assumption of [{ type: 'AxiosInstance' }, {}]) {
      const [call] = callsOf(text, assuming({ module: 'axios', effect: 'read', ...assumption }));
      expect(call!.operation).toEqual({ effect: 'read' });
    }
    // What it extends is as it was.
    const other = `import { Axios } from 'axios';\nconst http = new Axios();\nexport const a = () => http.post('/');`;
    const [call] = callsOf(other, assuming({ module: 'axios', type: 'AxiosInstance', effect: 'read' }));
    expect(call!.operation.effect).toBe('write');
  });

  it('of a package without rows makes a call of the member that it names', () => {
    const assume = [{ module: '@acme/billing', type: 'Client', member: 'search', effect: 'read' as const }];
    expect(callsOf(billing, { assume }).map(({ target, operation }) => [target.member, operation.effect])).toEqual([
      ['search', 'read'],
    ]);
  });

  it('adds to an earlier one', () => {
    const about = { module: 'pg', type: 'Pool', member: 'query' };
    const config = assuming({ ...about, timeout: true, because }, { ...about, effect: 'read' });
    expect(callsOf(database, config)).toMatchObject([{ timeout: 'own', operation: { effect: 'read' } }]);
  });

  it('of retries changes what the client does by itself', () => {
    const [pg] = [configuredCatalogue(defaultCatalogue, assuming({ module: 'pg', retries: 2 })).at(-1)!];
    expect(pg.client).toMatchObject({
      ownRetries: { count: 2, effects: 'all' },
      timeout: expect.any(Array) as string[],
    });
    const stripe = configuredCatalogue(defaultCatalogue, assuming({ module: 'stripe', retries: false })).at(-1)!;
    expect(stripe.client).toMatchObject({ ownRetries: { count: 0 } });
  });

  it('leads to the same catalogue each time, so that analyses are kept', () => {
    const config = assuming({ module: 'pg', effect: 'read' });
    expect(configuredCatalogue(defaultCatalogue, config)).toBe(configuredCatalogue(defaultCatalogue, config));
    expect(configuredCatalogue(defaultCatalogue, undefined)).toBe(defaultCatalogue);
  });
});
