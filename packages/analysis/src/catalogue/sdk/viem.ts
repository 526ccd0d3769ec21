import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const make = (type: string): MemberRow => ({ makes: type, options: 0 });

/**
 * Over HTTP a request is given up after 10 s and tried three times more. The transport has the options, and is made by
 * a call of its own: `http(url, { timeout, retryCount })`.
 */
export const viem: CatalogueModule = {
  module: 'viem',
  kind: 'rpc',
  docs: 'https://viem.sh/docs/clients/transports/http',
  client: { ownTimeout: 10_000, ownRetries: { count: 3, effects: 'all' } },
  exports: {
    createPublicClient: make('PublicClient'),
    createWalletClient: make('WalletClient'),
    createTestClient: make('TestClient'),
    ...each('http webSocket custom fallback createTransport', {}),
  },
  types: {
    PublicClient: {
      members: {
        ...each('call multicall simulateContract simulateCalls createAccessList fillTransaction', { effect: 'read' }),
        waitForTransactionReceipt: { effect: 'read', options: 0, timeout: ['timeout'] },
        sendRawTransaction: { effect: 'idempotent-write' },
        request: { effect: 'unknown' },
        ...each('watchBlocks watchBlockNumber watchContractEvent watchEvent watchPendingTransactions', {}),
        ...each('extend chain transport account', {}),
      },
      others: { effect: { verb: 'member' } },
    },
    WalletClient: {
      members: {
        ...each('writeContract deployContract sendTransaction', { effect: 'write' }),
        sendRawTransaction: { effect: 'idempotent-write' },
        request: { effect: 'unknown' },
        // An account of its own signs on this machine.
        ...each('signMessage signTransaction signTypedData extend chain transport account', {}),
      },
      others: { effect: { verb: 'member' } },
    },
    TestClient: { others: { effect: { verb: 'member' } } },
  },
};
