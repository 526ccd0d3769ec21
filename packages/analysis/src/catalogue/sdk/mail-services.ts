import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const others: MemberRow = { effect: { verb: 'member' } };

/** Gives up after 1 min; its `timeout` is in seconds. */
export const postmark: CatalogueModule = {
  module: 'postmark',
  kind: 'mail',
  docs: 'https://github.com/ActiveCampaign/postmark.js/wiki',
  client: { timeout: ['timeout'], ownTimeout: 60_000 },
  types: {
    BaseClient: { members: each('setClientOptions getClientOptions httpClient clientVersion', {}), others },
    ServerClient: { extends: 'BaseClient', constructed: { options: 1 } },
    AccountClient: { extends: 'BaseClient', constructed: { options: 1 } },
  },
};

/** Waits for ever by default. */
export const resend: CatalogueModule = {
  module: 'resend',
  kind: 'mail',
  docs: 'https://resend.com/docs/dashboard/emails/idempotency-keys',
  types: {
    Resend: {
      constructed: { options: 1 },
      members: {
        emails: { is: 'Emails' },
        contacts: { is: 'Contacts' },
        domains: { is: 'Domains' },
        broadcasts: { is: 'Broadcasts' },
        templates: { is: 'Templates' },
      },
    },
    Emails: {
      members: each('send create', {
        effect: 'write',
        options: 1,
        key: ['idempotencyKey'],
        keyOption: 'idempotencyKey',
      }),
      others,
    },
    ...each('Contacts Domains Broadcasts Templates', { others }),
  },
};

/** Waits for ever, unless `timeout` is set, and tries once. */
export const webPush: CatalogueModule = {
  module: 'web-push',
  kind: 'http',
  docs: 'https://github.com/web-push-libs/web-push#api-reference',
  exports: {
    sendNotification: { effect: 'write', options: 2, timeout: ['timeout'] },
    ...each('setVapidDetails generateVAPIDKeys setGCMAPIKey encrypt getVapidHeaders generateRequestDetails', {}),
  },
};
