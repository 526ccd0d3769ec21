import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

// A model only computes an answer: a repetition costs tokens and changes nothing.
const generative: MemberRow = { effect: 'read', options: 1, timeout: ['timeout'], signal: 'signal' };

/** Waits for ever by default. The options of the model are an argument of its own: `getGenerativeModel(params, options)`. */
export const googleGenerativeAi: CatalogueModule = {
  module: '@google/generative-ai',
  kind: 'http',
  docs: 'https://github.com/google-gemini/deprecated-generative-ai-js/blob/main/docs/reference/main/generative-ai.requestoptions.md',
  client: { timeout: ['timeout'] },
  types: {
    GoogleGenerativeAI: {
      constructed: {},
      members: {
        getGenerativeModel: { makes: 'GenerativeModel', options: 1 },
        getGenerativeModelFromCachedContent: { makes: 'GenerativeModel', options: 2 },
      },
    },
    GenerativeModel: {
      constructed: { options: 2 },
      members: {
        ...each('generateContent generateContentStream countTokens embedContent batchEmbedContents', generative),
        startChat: { returns: 'ChatSession' },
      },
    },
    ChatSession: { members: { ...each('sendMessage sendMessageStream', generative), ...each('getHistory', {}) } },
  },
};

const genai: MemberRow = {
  effect: 'read',
  options: 0,
  timeout: ['config.httpOptions.timeout'],
  signal: 'config.abortSignal',
};

/** Waits for ever by default. */
export const googleGenai: CatalogueModule = {
  module: '@google/genai',
  kind: 'http',
  docs: 'https://googleapis.github.io/js-genai/release_docs/interfaces/types.HttpOptions.html',
  client: { timeout: ['httpOptions.timeout'], retries: ['httpOptions.retryOptions.attempts'] },
  types: {
    GoogleGenAI: {
      constructed: { options: 0 },
      members: {
        models: { is: 'Models' },
        chats: { is: 'Chats' },
        files: { is: 'Files' },
        caches: { is: 'Caches' },
        batches: { is: 'Batches' },
        ...each('live', {}),
      },
    },
    Models: {
      members: {
        ...each(
          `generateContent generateContentStream embedContent generateImages editImage upscaleImage countTokens
           computeTokens`,
          genai,
        ),
        generateVideos: { ...genai, effect: 'write' },
      },
      others: { effect: { verb: 'member' } },
    },
    Chats: { members: { create: { returns: 'Chat' } } },
    Chat: { members: { ...each('sendMessage sendMessageStream', genai), ...each('getHistory', {}) } },
    ...each('Files Caches Batches', { others: { effect: { verb: 'member' } } }),
  },
};

const mistralCall: MemberRow = {
  effect: 'read',
  options: 1,
  timeout: ['timeoutMs'],
  signal: 'fetchOptions.signal',
  retries: ['retries'],
};

/** Waits for ever by default, and tries once. */
export const mistral: CatalogueModule = {
  module: '@mistralai/mistralai',
  kind: 'http',
  docs: 'https://github.com/mistralai/client-ts#retries',
  client: { timeout: ['timeoutMs'], retries: ['retryConfig'] },
  types: {
    Mistral: {
      constructed: { options: 0 },
      members: {
        chat: { is: 'Chat' },
        fim: { is: 'Fim' },
        agents: { is: 'Agents' },
        embeddings: { is: 'Embeddings' },
        ocr: { is: 'Ocr' },
        files: { is: 'Files' },
        models: { is: 'Models' },
      },
    },
    ...each('Chat Fim Agents', { members: each('complete stream', mistralCall) }),
    Embeddings: { members: { create: mistralCall } },
    Ocr: { members: { process: mistralCall } },
    ...each('Files Models', { others: { effect: { verb: 'member' } } }),
  },
};

const cohereCall: MemberRow = {
  effect: 'read',
  options: 1,
  timeout: ['timeoutInSeconds'],
  retries: ['maxRetries'],
  signal: 'abortSignal',
};
const cohereCalls = each('chat chatStream embed rerank', cohereCall);

/** Gives up after 5 min and tries twice more. */
export const cohere: CatalogueModule = {
  module: 'cohere-ai',
  kind: 'http',
  docs: 'https://github.com/cohere-ai/cohere-typescript#readme',
  client: {
    timeout: ['timeoutInSeconds'],
    ownTimeout: 300_000,
    retries: ['maxRetries'],
    ownRetries: { count: 2, effects: 'all' },
  },
  types: {
    CohereClient: {
      constructed: { options: 0 },
      members: {
        ...cohereCalls,
        ...each('generate generateStream classify summarize tokenize detokenize', cohereCall),
        v2: { is: 'V2Client' },
      },
    },
    CohereClientV2: { constructed: { options: 0 }, members: cohereCalls },
    V2Client: { members: cohereCalls },
  },
};

const groqRequest = {
  options: [2, 1],
  timeout: ['timeout'],
  retries: ['maxRetries'],
  signal: 'signal',
  key: ['idempotencyKey'],
} as const;
const groqRead: MemberRow = { ...groqRequest, options: 1, effect: 'read' };

/** Gives up after 1 min and tries twice more, whatever the request does. */
export const groq: CatalogueModule = {
  module: 'groq-sdk',
  kind: 'http',
  docs: 'https://github.com/groq/groq-typescript#retries',
  client: {
    timeout: ['timeout'],
    ownTimeout: 60_000,
    retries: ['maxRetries'],
    ownRetries: { count: 2, effects: 'all' },
  },
  exports: { default: { is: 'Groq' } },
  types: {
    Groq: {
      constructed: { options: 0 },
      members: {
        chat: { is: 'Chat' },
        audio: { is: 'Audio' },
        embeddings: { is: 'Embeddings' },
        ...each('apiKey baseURL maxRetries timeout buildURL', {}),
      },
      others: { is: 'APIResource' },
    },
    Chat: { members: { completions: { is: 'Completions' } } },
    Completions: { members: { create: groqRead } },
    Embeddings: { members: { create: groqRead } },
    Audio: {
      members: {
        transcriptions: { is: 'Transcriptions' },
        translations: { is: 'Translations' },
        speech: { is: 'Speech' },
      },
    },
    ...each('Transcriptions Translations Speech', { members: { create: groqRead } }),
    APIResource: { others: { ...groqRequest, effect: { verb: 'member' } } },
  },
};

/** Waits for ever by default: for the model as well, which is asked again and again. A request is tried five times more. */
export const replicate: CatalogueModule = {
  module: 'replicate',
  kind: 'http',
  docs: 'https://github.com/replicate/replicate-javascript#readme',
  client: { ownRetries: { count: 5, effects: 'all' } },
  exports: { default: { is: 'Replicate' } },
  types: {
    Replicate: {
      constructed: { options: 0 },
      members: {
        run: { effect: 'write', options: 1, signal: 'signal' },
        request: { effect: { methodOption: 'method', otherwise: 'GET' }, options: 1, signal: 'signal' },
        wait: { effect: 'read' },
        ...each('stream paginate', {}),
      },
    },
  },
};
