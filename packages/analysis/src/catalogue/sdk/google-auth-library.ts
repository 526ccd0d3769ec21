import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const read: MemberRow = { effect: 'read' };
const request: MemberRow = {
  effect: { methodOption: 'method', otherwise: 'GET' },
  options: 0,
  timeout: ['timeout'],
  signal: 'signal',
  retries: ['retryConfig.retry'],
};

/** Waits for ever by default. */
export const googleAuthLibrary: CatalogueModule = {
  module: 'google-auth-library',
  kind: 'http',
  docs: 'https://github.com/googleapis/google-auth-library-nodejs#readme',
  client: {
    timeout: ['transporterOptions.timeout', 'clientOptions.transporterOptions.timeout'],
  },
  exports: { auth: { is: 'GoogleAuth' } },
  types: {
    GoogleAuth: {
      constructed: { options: 0 },
      members: {
        request,
        getClient: { effect: 'read', returns: 'AuthClient' },
        getIdTokenClient: { effect: 'read', returns: 'IdTokenClient' },
        ...each(
          'getAccessToken getApplicationDefault getProjectId getCredentials getRequestHeaders authorizeRequest',
          read,
        ),
        sign: read,
        ...each('fromJSON fromAPIKey fromStream getEnv', {}),
      },
    },
    AuthClient: {
      constructed: { options: 0 },
      members: { request, ...each('getAccessToken getRequestHeaders', read), ...each('setCredentials on once', {}) },
    },
    OAuth2Client: {
      extends: 'AuthClient',
      constructed: { options: 0 },
      members: {
        // A code is good for one exchange.
        getToken: { effect: 'unknown' },
        refreshAccessToken: read,
        ...each('revokeToken revokeCredentials', { effect: 'idempotent-write' }),
        ...each('verifyIdToken getTokenInfo getFederatedSignonCerts getFederatedSignonCertsAsync', read),
        ...each('generateAuthUrl generateCodeVerifierAsync', {}),
      },
    },
    JWT: {
      extends: 'OAuth2Client',
      constructed: { options: 0 },
      members: { ...each('authorize fetchIdToken', read), ...each('createScoped fromJSON', {}) },
    },
    IdTokenClient: { extends: 'OAuth2Client' },
    ...each('Compute UserRefreshClient', { extends: 'OAuth2Client', constructed: { options: 0 } }),
  },
};
