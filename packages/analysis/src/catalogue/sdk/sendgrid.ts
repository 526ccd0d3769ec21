import { each, type CatalogueModule } from '../catalogue.js';

/** Waits for ever, unless `setTimeout` was called on it. */
export const sendgrid: CatalogueModule = {
  module: '@sendgrid/mail',
  kind: 'mail',
  docs: 'https://github.com/sendgrid/sendgrid-nodejs/blob/main/docs/use-cases/timeout.md',
  exports: { default: { is: 'MailService' } },
  types: {
    MailService: {
      constructed: {},
      members: {
        ...each('send sendMultiple', { effect: 'write' }),
        ...each('setApiKey setClient setTwilioEmailAuth setTimeout setSubstitutionWrappers', {}),
      },
    },
  },
};
