import { each, type CatalogueModule, type ClientRow, type MemberRow, type TypeRow } from '../catalogue.js';

const request = (method: string): MemberRow => ({ effect: { method }, options: 1, signal: 'signal' });
const manager: TypeRow = {
  members: each('cache resolve resolveId valueOf', {}),
  others: { effect: { verb: 'member' } },
};

const own = { ownTimeout: 15_000, ownRetries: { count: 3, effects: 'all' } } as const;
const rest: ClientRow = { timeout: ['timeout'], retries: ['retries'], ...own };

const responses: Record<string, MemberRow> = {
  // A second answer to the same interaction is refused.
  ...each('reply deferReply showModal', { effect: 'idempotent-write' }),
  followUp: { effect: 'write' },
  ...each('editReply deleteReply', { effect: 'idempotent-write' }),
  fetchReply: { effect: 'read' },
};

/** The client of the HTTP interface, by itself. */
export const discordRest: CatalogueModule = {
  module: '@discordjs/rest',
  kind: 'http',
  docs: 'https://discord.js.org/docs/packages/rest/main/RESTOptions:Interface',
  client: rest,
  types: {
    REST: {
      constructed: { options: 0 },
      client: rest,
      members: {
        get: request('GET'),
        delete: request('DELETE'),
        post: request('POST'),
        put: request('PUT'),
        patch: request('PATCH'),
        request: { effect: { methodOption: 'method', otherwise: 'GET' }, options: 0, signal: 'signal' },
        setToken: { returns: 'REST' },
        setAgent: { returns: 'REST' },
        ...each('on once off cdn options queueRequest', {}),
      },
    },
  },
};

/** A request is given up after 15 s and tried three times more. */
export const discord: CatalogueModule = {
  module: 'discord.js',
  kind: 'sdk',
  docs: 'https://discord.js.org/docs/packages/rest/main/RESTOptions:Interface',
  client: { timeout: ['rest.timeout'], retries: ['rest.retries'], ...own },
  types: {
    ...discordRest.types,
    Client: {
      constructed: { options: 0 },
      members: {
        login: { effect: 'read' },
        ...each('fetchInvite fetchWebhook fetchGuildPreview fetchGuildWidget fetchVoiceRegions', { effect: 'read' }),
        deleteWebhook: { effect: 'idempotent-write' },
        users: { is: 'UserManager' },
        channels: { is: 'ChannelManager' },
        guilds: { is: 'GuildManager' },
        rest: { is: 'REST' },
        ...each('on once off emit destroy isReady generateInvite user ws options', {}),
      },
    },
    ...each(
      `UserManager ChannelManager GuildManager GuildMemberManager GuildChannelManager RoleManager GuildBanManager
       GuildMemberRoleManager MessageManager GuildInviteManager GuildApplicationCommandManager ThreadManager`,
      manager,
    ),
    CommandInteraction: { members: responses },
    ChatInputCommandInteraction: { extends: 'CommandInteraction' },
    ContextMenuCommandInteraction: { extends: 'CommandInteraction' },
    MessageComponentInteraction: {
      members: { ...responses, ...each('update deferUpdate', { effect: 'idempotent-write' }) },
    },
    ...each('ButtonInteraction StringSelectMenuInteraction', { extends: 'MessageComponentInteraction' }),
    ModalSubmitInteraction: {
      members: {
        ...each('reply deferReply', { effect: 'idempotent-write' }),
        followUp: { effect: 'write' },
        ...each('editReply deleteReply', { effect: 'idempotent-write' }),
      },
    },
    Message: {
      members: {
        ...each('reply forward', { effect: 'write' }),
        ...each('edit delete react pin unpin crosspost suppressEmbeds', { effect: 'idempotent-write' }),
        ...each('fetch fetchReference fetchWebhook', { effect: 'read' }),
        startThread: { effect: 'write' },
      },
    },
    BaseGuildTextChannel: {
      members: {
        ...each('send createWebhook createInvite', { effect: 'write' }),
        ...each('bulkDelete delete edit setName setTopic sendTyping', { effect: 'idempotent-write' }),
        ...each('fetch fetchWebhooks fetchInvites', { effect: 'read' }),
        messages: { is: 'MessageManager' },
      },
    },
    TextChannel: { extends: 'BaseGuildTextChannel' },
    NewsChannel: { extends: 'BaseGuildTextChannel' },
    ThreadChannel: {
      members: {
        send: { effect: 'write' },
        messages: { is: 'MessageManager' },
        ...each('edit delete setArchived', { effect: 'idempotent-write' }),
      },
    },
    DMChannel: { members: { send: { effect: 'write' }, messages: { is: 'MessageManager' } } },
    User: {
      members: {
        send: { effect: 'write' },
        fetch: { effect: 'read' },
        ...each('createDM deleteDM', { effect: 'idempotent-write' }),
      },
    },
    GuildMember: {
      members: {
        send: { effect: 'write' },
        fetch: { effect: 'read' },
        ...each('ban kick edit setNickname timeout', { effect: 'idempotent-write' }),
        roles: { is: 'GuildMemberRoleManager' },
      },
    },
    Guild: {
      members: {
        members: { is: 'GuildMemberManager' },
        channels: { is: 'GuildChannelManager' },
        roles: { is: 'RoleManager' },
        bans: { is: 'GuildBanManager' },
        invites: { is: 'GuildInviteManager' },
        commands: { is: 'GuildApplicationCommandManager' },
        ...each('fetch fetchAuditLogs fetchWebhooks', { effect: 'read' }),
        ...each('edit setName leave delete', { effect: 'idempotent-write' }),
      },
    },
    WebhookClient: {
      constructed: { options: 1 },
      members: {
        send: { effect: 'write' },
        ...each('editMessage deleteMessage', { effect: 'idempotent-write' }),
        fetchMessage: { effect: 'read' },
      },
    },
  },
};
