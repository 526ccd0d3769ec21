import { each, type CatalogueModule, type ClientRow, type MemberRow, type TypeRow } from '../catalogue.js';

const request = {
  options: [2, 1],
  timeout: ['timeout'],
  retries: ['maxRetries'],
  signal: 'signal',
  key: ['idempotencyKey'],
} as const;
const resource: MemberRow = { ...request, effect: { verb: 'member' } };
const raw = (method: string): MemberRow => ({ ...request, options: 1, effect: { method } });

/** Ten minutes and two retries are what the base class sets, for the cloud variants too. */
const client: ClientRow = {
  timeout: ['timeout'],
  ownTimeout: 600_000,
  retries: ['maxRetries'],
  ownRetries: { count: 2, effects: 'all' },
};

const types: Record<string, TypeRow> = {
  BaseAnthropic: {
    constructed: { options: 0 },
    members: {
      get: raw('GET'),
      post: raw('POST'),
      put: raw('PUT'),
      patch: raw('PATCH'),
      delete: raw('DELETE'),
      ...each('apiKey authToken baseURL maxRetries timeout logger buildURL', {}),
    },
  },
  Anthropic: {
    extends: 'BaseAnthropic',
    constructed: { options: 0 },
    members: {
      messages: { is: 'Messages' },
      beta: { is: 'Beta' },
      withOptions: { makes: 'Anthropic', options: 0 },
    },
    others: { is: 'APIResource' },
  },
  Messages: {
    members: {
      // The Messages API is stateless: a repetition costs tokens and changes nothing.
      ...each('create parse countTokens', { ...request, options: 1, effect: 'read' }),
      batches: { is: 'Batches' },
      // A runner that emits events and is awaited later, if at all.
      stream: {},
    },
    others: resource,
  },
  Batches: { others: resource },
  Beta: { members: { messages: { is: 'Messages' } }, others: { is: 'APIResource' } },
  APIResource: { others: resource },
};

export const anthropic: CatalogueModule = {
  module: '@anthropic-ai/sdk',
  kind: 'sdk',
  docs: 'https://github.com/anthropics/anthropic-sdk-typescript#retries',
  client,
  exports: { default: { is: 'Anthropic' } },
  types,
};
