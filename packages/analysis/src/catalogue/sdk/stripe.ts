import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const call: MemberRow = {
  effect: { verb: 'member' },
  // The request options come last: `create(params, options)`, `update(id, params, options)`.
  options: [2, 1],
  timeout: ['timeout'],
  retries: ['maxNetworkRetries'],
  key: ['idempotencyKey'],
};

/** Groups of resources: `stripe.checkout.sessions`. */
const groups = {
  apps: 'Apps',
  billing: 'Billing',
  billingPortal: 'BillingPortal',
  checkout: 'Checkout',
  climate: 'Climate',
  entitlements: 'Entitlements',
  financialConnections: 'FinancialConnections',
  forwarding: 'Forwarding',
  identity: 'Identity',
  issuing: 'Issuing',
  radar: 'Radar',
  reporting: 'Reporting',
  sigma: 'Sigma',
  tax: 'Tax',
  terminal: 'Terminal',
  testHelpers: 'TestHelpers',
  treasury: 'Treasury',
} as const;

/**
 * Gives up after 80 s, and tries once more (not before v13, unless told). A repetition of its own carries the same
 * idempotency key; one that the caller makes does not.
 */
export const stripe: CatalogueModule = {
  module: 'stripe',
  kind: 'sdk',
  docs: 'https://github.com/stripe/stripe-node#configuration',
  client: {
    timeout: ['timeout'],
    ownTimeout: 80_000,
    retries: ['maxNetworkRetries'],
    ownRetries: { count: 1, effects: 'all', kind: 'marked' },
  },
  exports: { default: { is: 'Stripe' } },
  types: {
    Stripe: {
      constructed: { options: 1 },
      members: {
        ...Object.fromEntries(Object.entries(groups).map(([name, type]) => [name, { is: type }])),
        v2: { is: 'V2' },
        webhooks: { is: 'WebhookObject' },
        rawRequest: { ...call, effect: { methodArgument: 0 }, options: 3 },
        ...each('errors on once off parseEventNotification getApiField VERSION', {}),
      },
      others: { is: 'StripeResource' },
    },
    // https://docs.stripe.com/api/idempotent_requests
    StripeResource: { members: { create: { ...call, options: 1, keyOption: 'idempotencyKey' } }, others: call },
    // Made for an account, whose id comes first.
    ...each('PersonResource PersonTokenResource', { others: call }),
    ...each(Object.values(groups).join(' '), { others: { is: 'StripeResource' } }),
    TestHelpers: {
      members: { issuing: { is: 'Issuing' }, terminal: { is: 'Terminal' }, treasury: { is: 'Treasury' } },
      others: { is: 'StripeResource' },
    },
    V2: { members: { billing: { is: 'Billing' }, core: { is: 'Core' } } },
    Core: { others: { is: 'StripeResource' } },
    WebhookObject: { members: each('constructEvent constructEventAsync generateTestHeaderString', {}) },
  },
};
