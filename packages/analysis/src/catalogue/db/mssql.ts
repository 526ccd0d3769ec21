import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const query: MemberRow = { effect: { sql: 0 } };

/** A request fails after `requestTimeout` (15 s); bulk loads have no limit. */
export const mssql: CatalogueModule = {
  module: 'mssql',
  kind: 'db',
  docs: 'https://github.com/tediousjs/node-mssql#general-same-for-all-drivers',
  client: { timeout: ['requestTimeout', 'options.requestTimeout'], ownTimeout: 15_000 },
  exports: {
    connect: { effect: 'read', makes: 'ConnectionPool', options: 0 },
    query,
  },
  types: {
    ConnectionPool: {
      constructed: { options: 0 },
      members: {
        ...each('query batch', query),
        connect: { effect: 'read', returns: 'ConnectionPool' },
        request: { returns: 'Request' },
        transaction: { returns: 'Transaction' },
        ...each('close on once', {}),
      },
    },
    Request: {
      members: {
        ...each('query batch', query),
        execute: { effect: 'unknown' },
        bulk: { effect: 'write' },
        ...each('input replaceInput output', { returns: 'Request' }),
        ...each('cancel pause resume pipe toReadableStream on once', {}),
      },
    },
    Transaction: {
      members: {
        begin: { effect: 'read', returns: 'Transaction', transaction: 'begin' },
        commit: { effect: 'unknown', transaction: 'commit' },
        rollback: { effect: 'idempotent-write', transaction: 'rollback' },
        request: { returns: 'Request' },
      },
    },
    PreparedStatement: {
      members: {
        prepare: { effect: 'read' },
        execute: { effect: 'unknown' },
        unprepare: { effect: 'read' },
        ...each('input output', { returns: 'PreparedStatement' }),
      },
    },
  },
};
