import { each, type CatalogueModule } from '../catalogue.js';

/** What is captured goes into a buffer, which is sent in the background. */
export const sentryNode: CatalogueModule = {
  module: '@sentry/node',
  docs: 'https://docs.sentry.io/platforms/javascript/guides/node/apis/',
  exports: each('init captureException captureMessage captureEvent captureFeedback flush close addBreadcrumb', {}),
};

/** Events go into a buffer; a flag is asked for over the network, 10 s at most. */
export const posthogNode: CatalogueModule = {
  module: 'posthog-node',
  kind: 'http',
  docs: 'https://posthog.com/docs/libraries/node',
  client: { timeout: ['requestTimeout', 'featureFlagsRequestTimeoutMs'], ownTimeout: 10_000 },
  types: {
    PostHog: {
      constructed: { options: 1 },
      members: {
        ...each('getFeatureFlag isFeatureEnabled getAllFlags getFeatureFlagPayload', { effect: 'read' }),
        captureImmediate: { effect: 'write' },
        ...each('capture identify alias groupIdentify flush shutdown', {}),
      },
    },
  },
};
