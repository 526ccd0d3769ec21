import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const others: MemberRow = { effect: { verb: 'member' } };

/** Gives up after 1 min and tries twice more what the service is too busy for. */
export const notion: CatalogueModule = {
  module: '@notionhq/client',
  kind: 'http',
  docs: 'https://github.com/makenotion/notion-sdk-js#client-options',
  client: {
    timeout: ['timeoutMs'],
    ownTimeout: 60_000,
    retries: ['retry.maxRetries', 'retry'],
    ownRetries: { count: 2, effects: 'all' },
  },
  types: {
    Client: {
      constructed: { options: 0 },
      members: {
        search: { effect: 'read' },
        request: { effect: { methodOption: 'method', otherwise: 'GET' }, options: 0 },
      },
      others: { is: 'Endpoints' },
    },
    Endpoints: {
      members: { append: { effect: 'write' }, query: { effect: 'read' }, list: { effect: 'read' } },
      others,
    },
  },
};

/** Gives up after 30 s, and tries five times more what is turned down for its rate. */
export const contentful: CatalogueModule = {
  module: 'contentful',
  kind: 'http',
  docs: 'https://contentful.github.io/contentful.js/',
  client: {
    timeout: ['timeout'],
    ownTimeout: 30_000,
    retries: ['retryLimit'],
    ownRetries: { count: 5, effects: 'all' },
  },
  exports: { createClient: { makes: 'ContentfulClientApi', options: 0 } },
  types: {
    ContentfulClientApi: {
      members: { sync: { effect: 'read' }, ...each('parseEntries version withAllLocales withoutLinkResolution', {}) },
      others,
    },
  },
};

/** A search is given up after 5 s at one host and tried at the next, a change after 30 s. */
export const algoliasearch: CatalogueModule = {
  module: 'algoliasearch',
  kind: 'http',
  docs: 'https://www.algolia.com/doc/libraries/sdk/v1/customize/timeouts',
  client: {
    timeout: ['timeouts.read', 'timeouts.write'],
    ownTimeout: 30_000,
    ownRetries: { count: 3, effects: 'all' },
  },
  exports: { algoliasearch: { makes: 'Algoliasearch', options: 2 } },
  types: {
    Algoliasearch: {
      members: {
        saveObject: { effect: 'unknown' },
        saveObjects: { effect: 'idempotent-write' },
        ...each('partialUpdateObject partialUpdateObjects batch', { effect: 'unknown' }),
        ...each('browseObjects waitForTask', { effect: 'read' }),
        ...each('addAlgoliaAgent setClientApiKey initAbtesting initAnalytics appId apiKey', {}),
      },
      others,
    },
  },
};

/** Waits for ever by default, and tries once. */
export const twitterApiV2: CatalogueModule = {
  module: 'twitter-api-v2',
  kind: 'http',
  docs: 'https://github.com/PLhery/node-twitter-api-v2/blob/master/doc/basics.md',
  types: {
    TwitterApi: {
      extends: 'TwitterApiReadWrite',
      constructed: {},
      members: { v2: { is: 'TwitterApiv2' }, v1: { is: 'TwitterApiv1' }, readWrite: { is: 'TwitterApiReadWrite' } },
    },
    TwitterApiReadWrite: {
      extends: 'TwitterApiReadOnly',
      members: {
        v2: { is: 'TwitterApiv2ReadWrite' },
        v1: { is: 'TwitterApiv1ReadWrite' },
        readOnly: { is: 'TwitterApiReadOnly' },
      },
    },
    TwitterApiReadOnly: {
      members: {
        v2: { is: 'TwitterApiv2ReadOnly' },
        ...each('currentUser currentUserV2', { effect: 'read' }),
        ...each('login loginWithOAuth2 refreshOAuth2Token appLogin', { effect: 'unknown' }),
        ...each('generateAuthLink generateOAuth2AuthLink', {}),
      },
    },
    TwitterApiv2: { extends: 'TwitterApiv2ReadWrite' },
    TwitterApiv2ReadWrite: {
      extends: 'TwitterApiv2ReadOnly',
      members: {
        ...each('tweet reply uploadMedia', { effect: 'write' }),
        ...each('like unlike retweet unretweet deleteTweet follow unfollow', { effect: 'idempotent-write' }),
      },
    },
    TwitterApiv2ReadOnly: {
      members: each('me user users userByUsername singleTweet tweets search', { effect: 'read' }),
    },
    TwitterApiv1: { extends: 'TwitterApiv1ReadWrite' },
    TwitterApiv1ReadWrite: {
      members: { ...each('tweet reply uploadMedia', { effect: 'write' }), deleteTweet: { effect: 'idempotent-write' } },
    },
  },
};

/** Waits for ever by default. */
export const spotifyWebApiNode: CatalogueModule = {
  module: 'spotify-web-api-node',
  kind: 'http',
  docs: 'https://github.com/thelinmichael/spotify-web-api-node#readme',
  exports: { default: { is: 'SpotifyWebApi' } },
  types: {
    SpotifyWebApi: {
      constructed: { options: 0 },
      members: {
        ...each('clientCredentialsGrant refreshAccessToken', { effect: 'read' }),
        authorizationCodeGrant: { effect: 'unknown' },
        ...each(
          `createAuthorizeURL getCredentials setCredentials resetCredentials getClientId setClientId getClientSecret
           setClientSecret getAccessToken setAccessToken getRefreshToken setRefreshToken getRedirectURI setRedirectURI
           resetAccessToken resetRefreshToken`,
          {},
        ),
      },
      others,
    },
  },
};
