import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const others: MemberRow = { effect: { verb: 'member' } };

/** Axios behind generated methods, whose names end in the verb: `transactionsGet`. Waits for ever by default. */
export const plaid: CatalogueModule = {
  module: 'plaid',
  kind: 'http',
  docs: 'https://github.com/plaid/plaid-node#readme',
  client: { timeout: ['baseOptions.timeout'] },
  types: {
    // The options of a client are made by another class.
    Configuration: { constructed: { options: 0 } },
    PlaidApi: {
      constructed: { options: 0 },
      members: {
        ...each(
          'accountsGet accountsBalanceGet authGet identityGet itemGet transactionsGet transactionsSync institutionsGetById',
          { effect: 'read', options: 1, timeout: ['timeout'], signal: 'signal' },
        ),
        // A public token is good for one exchange.
        itemPublicTokenExchange: { effect: 'unknown', options: 1, timeout: ['timeout'], signal: 'signal' },
        linkTokenCreate: { effect: 'write', options: 1, timeout: ['timeout'], signal: 'signal' },
        itemRemove: { effect: 'idempotent-write', options: 1, timeout: ['timeout'], signal: 'signal' },
      },
      others: { effect: 'unknown', options: 1, timeout: ['timeout'], signal: 'signal' },
    },
  },
};

/** A silent socket is given up after 1 min. */
export const braintree: CatalogueModule = {
  module: 'braintree',
  kind: 'http',
  docs: 'https://developer.paypal.com/braintree/docs/reference/general/exceptions/node',
  client: { ownTimeout: 60_000 },
  types: {
    BraintreeGateway: {
      constructed: { options: 0 },
      members: {
        transaction: { is: 'TransactionGateway' },
        customer: { is: 'CustomerGateway' },
        paymentMethod: { is: 'PaymentMethodGateway' },
        subscription: { is: 'SubscriptionGateway' },
        clientToken: { is: 'ClientTokenGateway' },
        ...each('config webhookNotification webhookTesting', {}),
      },
    },
    TransactionGateway: {
      members: {
        ...each('sale submitForSettlement refund', { effect: 'write' }),
        void: { effect: 'idempotent-write' },
        search: {},
      },
      others,
    },
    ClientTokenGateway: { members: { generate: { effect: 'read' } } },
    ...each('CustomerGateway PaymentMethodGateway SubscriptionGateway', {
      members: { find: { effect: 'read' } },
      others,
    }),
  },
};

/** Gives up after 1 min and tries twice more. */
export const square: CatalogueModule = {
  module: 'square',
  kind: 'http',
  docs: 'https://developer.squareup.com/docs/sdks/nodejs/using-nodejs-sdk',
  client: {
    timeout: ['timeoutInSeconds'],
    ownTimeout: 60_000,
    retries: ['maxRetries'],
    ownRetries: { count: 2, effects: 'all' },
  },
  types: {
    SquareClient: {
      constructed: { options: 0 },
      members: {
        payments: { is: 'PaymentsClient' },
        orders: { is: 'OrdersClient' },
        customers: { is: 'CustomersClient' },
        refunds: { is: 'RefundsClient' },
        invoices: { is: 'InvoicesClient' },
        subscriptions: { is: 'SubscriptionsClient' },
        locations: { is: 'LocationsClient' },
        cards: { is: 'CardsClient' },
      },
    },
    ...each(
      `PaymentsClient OrdersClient CustomersClient RefundsClient InvoicesClient SubscriptionsClient LocationsClient
       CardsClient`,
      {
        others: {
          effect: { verb: 'member' },
          options: 1,
          timeout: ['timeoutInSeconds'],
          retries: ['maxRetries'],
          signal: 'abortSignal',
          key: ['idempotencyKey'],
        },
      },
    ),
  },
};
