import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.js';
import { parseCatalogue, parseConfig } from './parse-config.js';
import { defaultCatalogue } from '../catalogue/default-catalogue.js';

function faultOf(value: unknown): ConfigError {
  try {
    parseConfig(value, 'holdfast.config.json');
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('no fault');
}

const acme = (row: object): object => ({ catalogue: [{ module: 'acme', ...row }] });
const member = (row: object): object => acme({ types: { Client: { members: { charge: row } } } });
const guarding = (row: object): object => acme({ guards: [row] });

describe('parseConfig', () => {
  it('takes every row that we wrote ourselves', () => {
    expect(parseCatalogue(defaultCatalogue, 'ours')).toEqual(defaultCatalogue);
  });

  it('takes an empty configuration and one that uses every assumption', () => {
    const assume = [
      { module: 'pg', timeout: true, because: 'statement_timeout in the connection string' },
      { module: '@acme/billing', type: 'Client', member: 'search', effect: 'read' },
      { module: 'stripe', retries: false },
      { module: 'ioredis', type: 'Redis', retries: 2 },
    ];
    expect(parseConfig({}, 'a')).toEqual({});
    expect(parseConfig({ assume }, 'a')).toEqual({ assume });
  });

  it('leaves out what is undefined and keeps names such as __proto__ as names', () => {
    const rows = JSON.parse(
      '{ "catalogue": [{ "module": "acme", "exports": { "__proto__": { "effect": "read" } } }] }',
    );
    const config = parseConfig({ ...rows, assume: undefined }, 'a');
    expect(Object.keys(config)).toEqual(['catalogue']);
    expect(Object.keys(config.catalogue![0]!.exports!)).toEqual(['__proto__']);
  });

  it('names file, row, field, value and what is allowed', () => {
    const fault = faultOf(member({ effect: 'wirte' }));
    expect(fault.message).toBe(
      'holdfast.config.json: catalogue[0] (acme), types.Client.members.charge.effect: "wirte" is not one of read, ' +
        'idempotent-write, write, unknown, { method }, { methodOption, otherwise }, { methodArgument }, { sql }, { command }, { verb }',
    );
    expect(fault).toMatchObject({
      code: 'HOLDFAST_CONFIG',
      file: 'holdfast.config.json',
      path: 'catalogue[0].types.Client.members.charge.effect',
    });
  });

  it.each([
    [[], '[] is not { catalogue, assume }'],
    [() => ({}), 'a function is not { catalogue, assume }'],
    [null, 'null is not { catalogue, assume }'],
    [{ catalog: [] }, 'catalog: unknown field, did you mean "catalogue"?'],
    [{ rules: [] }, 'rules: unknown field, there may be catalogue, assume'],
    [{ catalogue: {} }, 'catalogue: {} is not a list'],
    [{ catalogue: ['acme'] }, 'catalogue[0]: "acme" is not { module }'],
    [{ catalogue: [{}] }, 'catalogue[0]: "module" is missing'],
    [{ catalogue: [{ module: '' }] }, 'catalogue[0] (), module: "" is not a text'],
    [acme({ kind: 'https' }), /acme\), kind: "https" is not one of http, db, cache, broker, rpc, mail, sdk, socket$/],
    [acme({ knid: 'http' }), 'catalogue[0] (acme), knid: unknown field, did you mean "kind"?'],
    [acme({ client: { ownTimeout: '5s' } }), /client\.ownTimeout: "5s" is not a whole number of at least 0$/],
    [acme({ client: { ownTimeout: -1 } }), /client\.ownTimeout: -1 is not a whole number of at least 0$/],
    [acme({ client: { timeout: 'timeout' } }), /client\.timeout: "timeout" is not a list of texts$/],
    [acme({ client: { timeout: [5] } }), /client\.timeout\[0\]: 5 is not a text$/],
    [acme({ client: { ownRetries: { count: 2 } } }), /client\.ownRetries: "effects" is missing$/],
    [acme({ exports: [] }), /exports: \[\] is not an object with an entry for each name$/],
    [acme({ ambientSignals: ['a', 1] }), /ambientSignals\[1\]: 1 is not a text$/],
    [member({ effct: 'read' }), /charge\.effct: unknown field, did you mean "effect"\?$/],
    [member({ effect: { method: 1 } }), /charge\.effect\.method: 1 is not a text$/],
    [member({ effect: { methodOption: 'm' } }), /charge\.effect: "otherwise" is missing$/],
    [member({ effect: { verb: 'name' } }), /charge\.effect\.verb: "name" is not one of member$/],
    [member({ effect: { url: 1 } }), /charge\.effect: \{"url":1\} is not one of read, /],
    [member({ options: 'last' }), /charge\.options: "last" is not one of a whole number of at least 0, a list$/],
    [member({ options: [0, 1.5] }), /charge\.options\[1\]: 1\.5 is not a whole number/],
    [member({ limits: false }), /charge\.limits: false is not true$/],
    [member({ callback: { parameters: [] } }), /charge\.callback: "argument" is missing$/],
    [
      guarding({ export: 'a', name: 'a', policies: ['timeouts'], form: 'wraps' }),
      /policies\[0\]: "timeouts" is not one of/,
    ],
    [guarding({ export: 'a', name: 'a', policies: [], form: 'around' }), /guards\[0\]\.form: "around" is not one of/],
    [{ assume: [{ timeout: true }] }, 'assume[0]: "module" is missing'],
    [{ assume: [{ module: 'pg' }] }, 'assume[0] (pg): it assumes nothing: say timeout, effect or retries'],
    [
      { assume: [{ module: 'pg', timeout: true }] },
      'assume[0] (pg), because: an assumed timeout says what ends the calls',
    ],
    [{ assume: [{ module: 'pg', timeout: 5, because: 'a' }] }, 'assume[0] (pg), timeout: 5 is not true'],
    [
      { assume: [{ module: 'pg', effect: 'unknown' }] },
      /effect: "unknown" is not one of read, idempotent-write, write$/,
    ],
    [{ assume: [{ module: 'pg', retries: true }] }, /retries: true is not one of a whole number of at least 0, false$/],
    [
      { assume: [{ module: 'pg', member: 'query', retries: 1 }] },
      /retries: a client retries all its calls: leave out member$/,
    ],
  ])('refuses %j', (value, message) => {
    const full = typeof message === 'string' ? `holdfast.config.json: ${message}` : message;
    if (typeof full === 'string') expect(faultOf(value).message).toBe(full);
    else expect(faultOf(value).message).toMatch(full);
  });

  it('shortens what is long, and shows what JSON cannot', () => {
    expect(faultOf({ catalogue: 'a'.repeat(200) }).message.length).toBeLessThan(120);
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    expect(faultOf({ catalogue: circular }).message).toContain('catalogue: [object Object] is not a list');
    expect(faultOf({ catalogue: 1n }).message).toContain('catalogue: 1 is not a list');
  });
});
