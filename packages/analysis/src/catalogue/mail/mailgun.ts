import { each, type CatalogueModule } from '../catalogue.js';

/** Resources of a client, and the interfaces that describe them. */
const resources = {
  domains: 'IDomainsClient',
  webhooks: 'IWebHooksClient',
  events: 'IEventClient',
  stats: 'IStatsClient',
  metrics: 'IMetricsClient',
  suppressions: 'ISuppressionClient',
  messages: 'IMessagesClient',
  routes: 'IRoutesClient',
  validate: 'IValidationClient',
  ips: 'IIPsClient',
  ip_pools: 'IIPPoolsClient',
  lists: 'IMailingListsClient',
  subaccounts: 'ISubaccountsClient',
  logs: 'ILogsClient',
} as const;

/** Waits for ever by default. */
export const mailgun: CatalogueModule = {
  module: 'mailgun.js',
  kind: 'mail',
  docs: 'https://github.com/mailgun/mailgun.js#readme',
  client: { timeout: ['timeout'] },
  types: {
    default: { members: { client: { makes: 'IMailgunClient', options: 0 } } },
    Mailgun: { extends: 'default' },
    IMailgunClient: {
      members: {
        ...Object.fromEntries(Object.entries(resources).map(([name, type]) => [name, { is: type }])),
        ...each('setSubaccount resetSubaccount', {}),
      },
    },
    ...each(Object.values(resources).join(' '), { others: { effect: { verb: 'member' } } }),
  },
};
