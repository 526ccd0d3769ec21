import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const others: MemberRow = { effect: { verb: 'member' } };
/** What is exported as `CoreV1Api` is declared as `ObjectCoreV1Api`. */
const apis = 'CoreV1Api AppsV1Api BatchV1Api NetworkingV1Api RbacAuthorizationV1Api CustomObjectsApi AutoscalingV2Api'
  .split(' ')
  .flatMap((name) => [name, `Object${name}`]);

/** Waits for ever. */
export const kubernetes: CatalogueModule = {
  module: '@kubernetes/client-node',
  kind: 'http',
  docs: 'https://github.com/kubernetes-client/javascript#readme',
  types: {
    // What it makes is the class among its arguments, which only a type checker can tell.
    KubeConfig: {
      constructed: {},
      members: each('loadFromDefault loadFromFile loadFromCluster loadFromString makeApiClient getCurrentContext', {}),
    },
    ...each(apis.join(' '), { others }),
    KubernetesObjectApi: {
      statics: { makeApiClient: { makes: 'KubernetesObjectApi' } },
      members: {
        create: { effect: 'write' },
        ...each('read list', { effect: 'read' }),
        ...each('patch replace delete', { effect: 'idempotent-write' }),
      },
    },
  },
};

/** The daemon on this machine, or another: waits for ever by default. */
export const dockerode: CatalogueModule = {
  module: 'dockerode',
  kind: 'http',
  docs: 'https://github.com/apocas/dockerode#readme',
  client: { timeout: ['timeout'] },
  exports: { default: { is: 'Dockerode' } },
  types: {
    Dockerode: {
      constructed: { options: 0 },
      members: {
        getContainer: { returns: 'Container' },
        getImage: { returns: 'Image' },
        getNetwork: { returns: 'Network' },
        getVolume: { returns: 'Volume' },
        getExec: { returns: 'Exec' },
        createContainer: { effect: 'write', returns: 'Container' },
        ...each('createImage pull buildImage loadImage importImage', { effect: 'idempotent-write' }),
        ...each('createNetwork createVolume createService run', { effect: 'write' }),
        ...each('listContainers listImages listNetworks listVolumes info version ping df checkAuth', {
          effect: 'read',
        }),
        ...each('pruneContainers pruneImages pruneNetworks pruneVolumes', { effect: 'idempotent-write' }),
        ...each('modem getEvents getService getTask getNode getSecret getConfig getPlugin', {}),
      },
    },
    Container: {
      members: {
        ...each('inspect logs top stats wait getArchive', { effect: 'read' }),
        ...each('start stop kill remove pause unpause rename resize update', { effect: 'idempotent-write' }),
        ...each('restart exec commit', { effect: 'write' }),
        putArchive: { effect: 'idempotent-write' },
        ...each('id modem', {}),
      },
    },
    Image: {
      members: {
        ...each('inspect history', { effect: 'read' }),
        ...each('remove tag push', { effect: 'idempotent-write' }),
      },
    },
    ...each('Network Volume', { members: { inspect: { effect: 'read' }, remove: { effect: 'idempotent-write' } } }),
    Exec: { members: { inspect: { effect: 'read' }, start: { effect: 'write' } } },
  },
};
