import type { CatalogueModule } from '../catalogue.js';

export const pLimit: CatalogueModule = {
  module: 'p-limit',
  docs: 'https://github.com/sindresorhus/p-limit#api',
  guards: [
    { export: 'default', name: 'pLimit', policies: ['bulkhead'], form: 'factory', options: 0 },
    { export: 'limitFunction', name: 'limitFunction', policies: ['bulkhead'], form: 'wraps', options: 1 },
    { export: '*', member: 'called', name: 'limit', policies: [], form: 'wrapper' },
  ],
};

export const pQueue: CatalogueModule = {
  module: 'p-queue',
  docs: 'https://github.com/sindresorhus/p-queue#api',
  guards: [
    { export: 'default', name: 'PQueue', policies: ['bulkhead'], form: 'factory', options: 0 },
    { export: '*', member: 'add', name: 'PQueue.add', policies: ['bulkhead'], form: 'wrapper' },
    { export: '*', member: 'addAll', name: 'PQueue.addAll', policies: ['bulkhead'], form: 'wrapper' },
  ],
};

export const pMap: CatalogueModule = {
  module: 'p-map',
  docs: 'https://github.com/sindresorhus/p-map#options',
  guards: [
    { export: 'default', name: 'pMap', policies: ['bulkhead'], form: 'wrapper', operation: 1, options: 2, atLeast: 3 },
  ],
};

export const bottleneck: CatalogueModule = {
  module: 'bottleneck',
  docs: 'https://github.com/SGrondin/bottleneck#docs',
  guards: [
    { export: 'default', name: 'Bottleneck', policies: ['bulkhead', 'rate-limit'], form: 'factory', options: 0 },
    { export: '*', member: 'schedule', name: 'Bottleneck.schedule', policies: ['bulkhead'], form: 'wrapper' },
    { export: '*', member: 'wrap', name: 'Bottleneck.wrap', policies: ['bulkhead'], form: 'wraps' },
  ],
};
