// #region config
import { defineConfig } from '@holdfast/analysis/config';

export default defineConfig({
  catalogue: [
    {
      module: '@acme/billing',
      kind: 'http',
      client: { timeout: ['timeout'] },
      types: {
        Client: {
          constructed: { options: 0 },
          members: {
            charge: { effect: 'write', key: ['idempotencyKey'] },
            search: { effect: { method: 'POST' } },
          },
        },
      },
    },
  ],
  assume: [
    { module: 'pg', timeout: true, because: 'statement_timeout in the connection string' },
    { module: '@acme/billing', type: 'Client', member: 'search', effect: 'read', because: 'a POST that only asks' },
  ],
});
// #endregion
