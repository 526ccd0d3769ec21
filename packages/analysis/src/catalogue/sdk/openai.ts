import { each, type CatalogueModule, type Effect, type MemberRow } from '../catalogue.js';

const request = {
  options: [2, 1],
  timeout: ['timeout'],
  retries: ['maxRetries'],
  signal: 'signal',
  key: ['idempotencyKey'],
} as const;
const call = (effect: Effect): MemberRow => ({ ...request, effect });
const resource: MemberRow = { ...request, effect: { verb: 'member' } };
/** The request and its options: `client.post(path, options)`. */
const raw = (method: string): MemberRow => ({ ...request, options: 1, effect: { method } });

/**
 * Gives up after 10 min and tries twice more, whatever the request does. What only computes an answer is a read: the
 * service keeps nothing of it, unless `store` is set.
 */
export const openai: CatalogueModule = {
  module: 'openai',
  kind: 'sdk',
  docs: 'https://github.com/openai/openai-node#retries',
  client: {
    timeout: ['timeout'],
    ownTimeout: 600_000,
    retries: ['maxRetries'],
    ownRetries: { count: 2, effects: 'all' },
  },
  exports: { default: { is: 'OpenAI' } },
  types: {
    OpenAI: {
      constructed: { options: 0 },
      members: {
        chat: { is: 'Chat' },
        completions: { is: 'Completions' },
        embeddings: { is: 'Embeddings' },
        moderations: { is: 'Moderations' },
        images: { is: 'Images' },
        audio: { is: 'Audio' },
        responses: { is: 'Responses' },
        fineTuning: { is: 'FineTuning' },
        vectorStores: { is: 'VectorStores' },
        beta: { is: 'Beta' },
        uploads: { is: 'Uploads' },
        realtime: { is: 'Realtime' },
        conversations: { is: 'Conversations' },
        evals: { is: 'Evals' },
        containers: { is: 'Containers' },
        webhooks: { is: 'Webhooks' },
        get: raw('GET'),
        post: raw('POST'),
        put: raw('PUT'),
        patch: raw('PATCH'),
        delete: raw('DELETE'),
        withOptions: { makes: 'OpenAI', options: 0 },
        ...each('apiKey baseURL organization project maxRetries timeout logger buildURL', {}),
      },
      others: { is: 'APIResource' },
    },
    AzureOpenAI: { extends: 'OpenAI', constructed: { options: 0 } },
    APIResource: { others: resource },
    Chat: { members: { completions: { is: 'Completions' } } },
    Completions: {
      members: {
        ...each('create parse', { ...request, options: 1, effect: 'read' }),
        // They return a runner that emits events and is awaited later, if at all.
        ...each('stream runTools', {}),
      },
      others: resource,
    },
    Embeddings: { members: { create: { ...request, options: 1, effect: 'read' } } },
    Moderations: { members: { create: { ...request, options: 1, effect: 'read' } } },
    Images: { members: each('generate edit createVariation', { ...request, options: 1, effect: 'read' }) },
    Audio: {
      members: {
        transcriptions: { is: 'Transcriptions' },
        translations: { is: 'Translations' },
        speech: { is: 'Speech' },
      },
    },
    ...each('Transcriptions Translations Speech', {
      members: { create: { ...request, options: 1, effect: 'read' } },
    }),
    // Kept by the service by default, and it may run tools.
    Responses: {
      members: {
        ...each('create parse', { ...call('unknown'), options: 1 }),
        stream: {},
        inputItems: { is: 'APIResource' },
      },
      others: resource,
    },
    FineTuning: { members: { jobs: { is: 'Jobs' } }, others: { is: 'APIResource' } },
    Jobs: { others: resource },
    VectorStores: { members: { files: { is: 'APIResource' }, fileBatches: { is: 'APIResource' } }, others: resource },
    Beta: {
      members: { threads: { is: 'Threads' }, chatkit: { is: 'ChatKit' }, realtime: { is: 'Realtime' } },
      others: { is: 'APIResource' },
    },
    ChatKit: { others: { is: 'APIResource' } },
    Threads: { members: { messages: { is: 'APIResource' }, runs: { is: 'Runs' } }, others: resource },
    Runs: { members: { ...each('stream', {}) }, others: resource },
    Uploads: { members: { parts: { is: 'APIResource' } }, others: resource },
    Realtime: { others: { is: 'APIResource' } },
    Conversations: { members: { items: { is: 'APIResource' } }, others: resource },
    Evals: { members: { runs: { is: 'Runs' } }, others: resource },
    Containers: { members: { files: { is: 'APIResource' } }, others: resource },
    Webhooks: { members: each('unwrap verifySignature', {}) },
  },
};
