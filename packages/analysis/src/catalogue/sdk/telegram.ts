import { each, type CatalogueModule, type ClientRow, type MemberRow } from '../catalogue.js';

const call: MemberRow = { effect: { verb: 'member' } };

/** Of what a handler is given: only what sends, for the rest is properties and helpers. */
const sends = each('reply replyWithPhoto replyWithDocument replyWithVideo replyWithAudio', { effect: 'write' });

/** A request is given up after 500 s. */
export const grammy: CatalogueModule = {
  module: 'grammy',
  kind: 'http',
  docs: 'https://grammy.dev/ref/core/apiclientoptions',
  client: { timeout: ['client.timeoutSeconds', 'timeoutSeconds'], ownTimeout: 500_000 },
  types: {
    Bot: {
      constructed: { options: 1 },
      members: { api: { is: 'Api' }, init: { effect: 'read' }, ...each('start stop catch handleUpdate on', {}) },
    },
    Api: { constructed: { options: 1 }, members: each('config raw token options', {}), others: call },
    Context: {
      members: {
        api: { is: 'Api' },
        ...sends,
        ...each('editMessageText deleteMessage answerCallbackQuery', { effect: 'idempotent-write' }),
      },
    },
  },
};

/** Waits for ever: a request has no limit of its own. */
export const telegraf: CatalogueModule = {
  module: 'telegraf',
  kind: 'http',
  docs: 'https://telegraf.js.org/interfaces/Telegraf.Options.html',
  types: {
    Telegraf: {
      constructed: { options: 1 },
      members: {
        telegram: { is: 'Telegram' },
        ...each('launch stop catch handleUpdate webhookCallback on use start', {}),
      },
    },
    Telegram: {
      constructed: { options: 1 },
      members: { callApi: { effect: 'unknown' }, ...each('token options webhookReply', {}) },
      others: call,
    },
    Context: {
      members: {
        telegram: { is: 'Telegram' },
        ...sends,
        ...each('editMessageText deleteMessage answerCbQuery', { effect: 'idempotent-write' }),
      },
    },
  },
};

/** Since version 2: gives up after 5 min, and sends twice more what fails on the way or with a 5xx. */
const withRetries: ClientRow = {
  timeout: ['timeoutMs'],
  ownTimeout: 300_000,
  retries: ['maxRetries'],
  ownRetries: { count: 2, effects: 'all' },
};

/** `TelegramBot`, until version 1: waits for ever, unless `request.timeout` (`timeoutMs` in version 1) is set. */
export const nodeTelegramBotApi: CatalogueModule = {
  module: 'node-telegram-bot-api',
  kind: 'http',
  docs: 'https://github.com/yagop/node-telegram-bot-api/blob/master/doc/api.md',
  client: { timeout: ['request.timeout', 'request.timeoutMs'], retries: ['request.maxRetriesOn429'] },
  exports: { default: { is: 'TelegramBot' } },
  types: {
    TelegramBot: {
      constructed: { options: 1 },
      members: each(
        `on once off emit onText removeTextListener onReplyToMessage removeReplyListener startPolling stopPolling
         isPolling openWebHook closeWebHook hasOpenWebHook processUpdate addListener removeListener removeAllListeners`,
        {},
      ),
      others: call,
    },
    Bot: {
      client: withRetries,
      constructed: { options: 1 },
      members: {
        api: { is: 'Api' },
        ...each('use on command hears catch handleUpdate startPolling stop isRunning', {}),
      },
    },
    Api: { client: withRetries, constructed: { options: 1 }, others: call },
    Context: {
      client: withRetries,
      members: { api: { is: 'Api' }, reply: { effect: 'write' }, answerCallbackQuery: { effect: 'idempotent-write' } },
    },
  },
};
