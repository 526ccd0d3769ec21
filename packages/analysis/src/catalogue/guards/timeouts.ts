import type { CatalogueModule } from '../catalogue.js';

export const pTimeout: CatalogueModule = {
  module: 'p-timeout',
  docs: 'https://github.com/sindresorhus/p-timeout#api',
  guards: [
    {
      export: 'default',
      name: 'pTimeout',
      policies: ['timeout'],
      form: 'wrapper',
      options: 1,
      duration: 'milliseconds',
      atLeast: 2,
    },
  ],
};

export const promiseTimeout: CatalogueModule = {
  module: 'promise-timeout',
  docs: 'https://github.com/building5/promise-timeout#usage',
  guards: [{ export: 'timeout', name: 'timeout', policies: ['timeout'], form: 'wrapper', options: 1, atLeast: 2 }],
};
