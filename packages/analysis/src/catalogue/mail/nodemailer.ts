import { each, type CatalogueModule } from '../catalogue.js';

/** By default a connection may take 2 min, its greeting 30 s, and a silent server is given up after 10 min. */
export const nodemailer: CatalogueModule = {
  module: 'nodemailer',
  kind: 'mail',
  docs: 'https://nodemailer.com/smtp',
  client: {
    timeout: ['socketTimeout', 'connectionTimeout', 'greetingTimeout'],
    ownTimeout: 600_000,
    // Of a pool: a message goes back into the queue when its connection closes.
    retries: ['maxRequeues'],
  },
  exports: { createTransport: { makes: 'Mail', options: 0 }, createTestAccount: { effect: 'write' } },
  types: {
    Mail: {
      members: {
        sendMail: { effect: 'write' },
        verify: { effect: 'read' },
        ...each('close isIdle use set get on once emit', {}),
      },
    },
    Transporter: { extends: 'Mail' },
  },
};
