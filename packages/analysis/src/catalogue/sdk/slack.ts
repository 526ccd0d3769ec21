import { each, type CatalogueModule } from '../catalogue.js';

const retries = ['retryConfig.retries'];

/**
 * No timeout, and ten retries in about 30 min, whatever the call does (`tenRetriesInAboutThirtyMinutes`). A bolt `App`
 * has such a client.
 */
export const slackWebApi: CatalogueModule = {
  module: '@slack/web-api',
  also: ['@slack/bolt'],
  kind: 'http',
  docs: 'https://docs.slack.dev/tools/node-slack-sdk/web-api#automatic-retries',
  client: {
    timeout: ['timeout', 'clientOptions.timeout'],
    retries: [...retries, 'clientOptions.retryConfig.retries'],
    ownRetries: { count: 10, effects: 'all' },
  },
  types: {
    WebClient: {
      extends: 'Methods',
      constructed: { options: 1 },
      members: { paginate: { effect: 'read' }, ...each('token slackApiUrl on once chatStream', {}) },
      others: { is: 'Methods' },
    },
    Methods: {
      members: {
        apiCall: { effect: 'unknown' },
        filesUploadV2: { effect: 'write' },
      },
      others: { effect: { verb: 'member' } },
    },
    App: {
      constructed: { options: 0 },
      members: {
        client: { is: 'WebClient' },
        ...each('action command event message shortcut view options use error start stop init processEvent logger', {}),
      },
    },
    SayFn: { called: { effect: 'write' } },
    RespondFn: { called: { effect: 'write' } },
  },
};

/** Waits for ever by default, and tries once. */
export const slackWebhook: CatalogueModule = {
  module: '@slack/webhook',
  kind: 'http',
  docs: 'https://docs.slack.dev/tools/node-slack-sdk/webhook',
  client: { timeout: ['timeout'], retries },
  types: { IncomingWebhook: { constructed: { options: 1 }, members: { send: { effect: 'write' } } } },
};
