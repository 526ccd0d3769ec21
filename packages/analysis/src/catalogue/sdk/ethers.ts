import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const read: MemberRow = { effect: 'read' };
const send: MemberRow = { effect: 'write', returns: 'TransactionResponse' };

/** A request is given up after 5 min; it is tried again only where the node asks for it (429). */
export const ethers: CatalogueModule = {
  module: 'ethers',
  kind: 'rpc',
  docs: 'https://docs.ethers.org/v6/api/utils/fetching/',
  client: { ownTimeout: 300_000 },
  exports: { getDefaultProvider: { makes: 'AbstractProvider', options: 1 } },
  types: {
    AbstractProvider: {
      members: {
        ...each(
          `getBlockNumber getNetwork getFeeData estimateGas call getBalance getTransactionCount getCode getStorage
           getBlock getTransaction getTransactionReceipt getTransactionResult getLogs resolveName lookupAddress getAvatar`,
          read,
        ),
        waitForTransaction: { effect: 'read', timeoutArgument: 2 },
        waitForBlock: read,
        // Signed with its nonce: sent twice, it still happens once.
        broadcastTransaction: { effect: 'idempotent-write', returns: 'TransactionResponse' },
        ...each('on once off emit listeners listenerCount removeAllListeners destroy pause resume attachPlugin', {}),
      },
    },
    JsonRpcApiProvider: {
      extends: 'AbstractProvider',
      members: {
        send: { effect: 'unknown' },
        listAccounts: read,
        getSigner: { effect: 'read', returns: 'JsonRpcSigner' },
      },
    },
    ...each(
      `JsonRpcProvider BrowserProvider AlchemyProvider AnkrProvider CloudflareProvider InfuraProvider QuickNodeProvider
       WebSocketProvider`,
      { extends: 'JsonRpcApiProvider', constructed: { options: 0 } },
    ),
    ...each('FallbackProvider EtherscanProvider', { extends: 'AbstractProvider', constructed: { options: 1 } }),
    AbstractSigner: {
      members: {
        ...each('getNonce populateCall populateTransaction estimateGas call resolveName', read),
        sendTransaction: send,
        ...each('getAddress connect signTransaction signMessage signTypedData', {}),
      },
    },
    JsonRpcSigner: { extends: 'AbstractSigner', members: { sendUncheckedTransaction: { effect: 'write' } } },
    BaseWallet: {
      extends: 'AbstractSigner',
      constructed: { options: 1 },
      members: { connect: { returns: 'BaseWallet' } },
    },
    Wallet: {
      extends: 'BaseWallet',
      constructed: { options: 1 },
      members: { connect: { returns: 'Wallet' }, ...each('encrypt', {}) },
    },
    NonceManager: { extends: 'AbstractSigner', constructed: { options: 0 }, members: { sendTransaction: send } },
    BaseContract: {
      constructed: { options: 2 },
      members: {
        ...each('getDeployedCode waitForDeployment queryTransaction queryFilter', read),
        ...each('connect attach', { returns: 'BaseContract' }),
        ...each('getAddress getFunction getEvent deploymentTransaction on once off emit listeners', {}),
        ...each('interface target runner filters removeAllListeners listenerCount', {}),
      },
      // A function of the contract: a view reads, anything else is a transaction.
      others: { effect: { verb: 'member' }, returns: 'TransactionResponse' },
    },
    Contract: { extends: 'BaseContract', constructed: { options: 2 } },
    ContractFactory: {
      constructed: { options: 2 },
      members: {
        deploy: { effect: 'write', returns: 'BaseContract' },
        ...each('attach connect getDeployTransaction', {}),
      },
    },
    // Waits until the transaction is mined, for ever unless told otherwise.
    TransactionResponse: {
      client: {},
      members: {
        wait: { effect: 'read', timeoutArgument: 1 },
        ...each('getBlock getTransaction confirmations', read),
      },
    },
    FetchRequest: { constructed: { options: 0 }, members: { send: { effect: 'unknown' } } },
  },
};
