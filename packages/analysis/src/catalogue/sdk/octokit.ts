import { each, type CatalogueModule, type MemberRow, type TypeRow } from '../catalogue.js';

const signal = 'request.signal';
/** All that an endpoint takes is one object, and its `request` has the signal. */
const endpoint: MemberRow = { effect: { verb: 'member' }, options: 0, signal };

const octokitTypes: Record<string, TypeRow> = {
  Octokit: {
    constructed: { options: 0 },
    statics: { defaults: {}, plugin: {} },
    members: {
      request: { effect: { methodArgument: 0 }, options: [1, 0], signal },
      graphql: { effect: 'unknown', options: 1, signal },
      ...each('log hook auth', {}),
    },
  },
};

/** Endpoints as plugins add them: `octokit.rest.issues.create(…)`, and `octokit.issues.create(…)` before. */
const endpointTypes: Record<string, TypeRow> = {
  Octokit: {
    ...octokitTypes.Octokit,
    members: {
      ...octokitTypes.Octokit!.members,
      rest: { is: 'RestEndpointMethods' },
      paginate: { effect: 'read' },
    },
    others: { is: 'EndpointMethods' },
  },
  RestEndpointMethods: { others: { is: 'EndpointMethods' } },
  EndpointMethods: {
    members: {
      createOrUpdateFileContents: { ...endpoint, effect: 'idempotent-write' },
      // A second merge of the same pull request is refused.
      merge: { ...endpoint, effect: 'idempotent-write' },
    },
    others: endpoint,
  },
};

/** Waits for ever by default, and tries once. */
export const octokitCore: CatalogueModule = {
  module: '@octokit/core',
  kind: 'http',
  docs: 'https://github.com/octokit/request.js#request',
  types: octokitTypes,
};

export const octokitRest: CatalogueModule = {
  module: '@octokit/rest',
  also: ['@octokit/plugin-rest-endpoint-methods'],
  kind: 'http',
  docs: 'https://github.com/octokit/rest.js#usage',
  types: endpointTypes,
};

/** With the retry plugin: three more tries of any request that an error status answers, unless it is the caller's fault. */
export const octokit: CatalogueModule = {
  module: 'octokit',
  kind: 'http',
  docs: 'https://github.com/octokit/plugin-retry.js#readme',
  client: { retries: ['retry.retries', 'retry.enabled'], ownRetries: { count: 3, effects: 'all' } },
  types: {
    ...endpointTypes,
    App: {
      constructed: { options: 0 },
      members: {
        octokit: { is: 'Octokit' },
        getInstallationOctokit: { effect: 'read', returns: 'Octokit' },
        ...each('eachInstallation eachRepository', { effect: 'read' }),
        ...each('webhooks oauth getInstallationUrl log', {}),
      },
    },
  },
};

export const octokitGraphql: CatalogueModule = {
  module: '@octokit/graphql',
  kind: 'http',
  docs: 'https://github.com/octokit/graphql.js#readme',
  exports: { graphql: { effect: 'unknown', options: 1, signal } },
};

export const octokitRequest: CatalogueModule = {
  module: '@octokit/request',
  kind: 'http',
  docs: 'https://github.com/octokit/request.js#request',
  exports: { request: { effect: { methodArgument: 0 }, options: [1, 0], signal } },
};
