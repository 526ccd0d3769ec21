import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const constructor: MemberRow = { effect: 'read', makes: 'WebSocket', options: [1, 2], timeout: ['handshakeTimeout'] };

/** Constructing connects, and waits for ever by default. What is sent later is queued: nobody waits for an answer. */
export const ws: CatalogueModule = {
  module: 'ws',
  kind: 'socket',
  docs: 'https://github.com/websockets/ws/blob/master/doc/ws.md#new-websocketaddress-protocols-options',
  exports: { default: constructor, WebSocket: constructor },
  types: {
    default: { extends: 'WebSocket' },
    WebSocket: { members: each('send ping pong close terminate pause resume on once off emit', {}) },
  },
};
