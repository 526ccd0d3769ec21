import { each, type CatalogueModule, type MemberRow, type TypeRow } from '../catalogue.js';

/** Resources, and what one of each is called: `client.messages.create(…)`, `client.messages(sid).fetch()`. */
const account = {
  addresses: 'Address',
  applications: 'Application',
  calls: 'Call',
  conferences: 'Conference',
  incomingPhoneNumbers: 'IncomingPhoneNumber',
  keys: 'Key',
  messages: 'Message',
  outgoingCallerIds: 'OutgoingCallerId',
  queues: 'Queue',
  recordings: 'Recording',
  transcriptions: 'Transcription',
} as const;

const versions = {
  services: 'Service',
  conversations: 'Conversation',
  rooms: 'Room',
  flows: 'Flow',
  workspaces: 'Workspace',
  phoneNumbers: 'PhoneNumber',
} as const;

const parts = {
  verifications: 'Verification',
  participants: 'Participant',
  executions: 'Execution',
  tasks: 'Task',
  workers: 'Worker',
  bindings: 'Binding',
  users: 'User',
} as const;

const call: MemberRow = { effect: { verb: 'member' } };

const lists = (names: Readonly<Record<string, string>>): Record<string, MemberRow> =>
  Object.fromEntries(Object.entries(names).map(([name, one]) => [name, { is: `${one}ListInstance` }]));

function resource(one: string, inside: Record<string, MemberRow> = {}): Record<string, TypeRow> {
  return {
    [`${one}ListInstance`]: {
      called: { returns: `${one}Context` },
      members: { get: { returns: `${one}Context` }, ...each('toJSON', {}) },
      others: call,
    },
    [`${one}Context`]: { members: { ...inside, ...each('toJSON', {}) }, others: call },
  };
}

const names = [...Object.values(account), ...Object.values(versions), ...Object.values(parts)];

/** Gives up after 30 s. Only what is answered by 429 is tried again, and only with `autoRetry`. */
export const twilio: CatalogueModule = {
  module: 'twilio',
  kind: 'sdk',
  docs: 'https://www.twilio.com/docs/libraries/node/custom-http-clients-node',
  client: { timeout: ['timeout'], ownTimeout: 30_000, retries: ['autoRetry'] },
  exports: {
    default: { makes: 'Twilio', options: 2 },
    ...each('validateRequest validateRequestWithBody validateBody webhook', {}),
  },
  types: {
    Twilio: {
      constructed: { options: 2 },
      members: {
        ...lists(account),
        conversations: { is: 'Conversations' },
        lookups: { is: 'Lookups' },
        messaging: { is: 'Messaging' },
        studio: { is: 'Studio' },
        taskrouter: { is: 'Taskrouter' },
        verify: { is: 'Verify' },
        video: { is: 'Video' },
        request: { effect: { methodOption: 'method', otherwise: 'GET' }, options: 0, timeout: ['timeout'] },
        ...each('setOpts setAccountSid getHostname accountSid', {}),
      },
    },
    ...each('Conversations Messaging Video', { others: { is: 'V1' } }),
    ...each('Lookups Studio Verify', { others: { is: 'V2' } }),
    Taskrouter: { others: { is: 'V1' } },
    V1: {
      members: lists({ services: 'Service', conversations: 'Conversation', rooms: 'Room', workspaces: 'Workspace' }),
    },
    V2: { members: lists({ services: 'Service', flows: 'Flow', phoneNumbers: 'PhoneNumber' }) },
    ...Object.assign({}, ...names.map((one) => resource(one))),
    ...resource('Service', {
      ...lists({ verifications: 'Verification', users: 'User', bindings: 'Binding', conversations: 'Conversation' }),
      verificationChecks: { is: 'VerificationCheckListInstance' },
    }),
    VerificationCheckListInstance: { others: call },
    ...resource('Conversation', lists({ messages: 'Message', participants: 'Participant' })),
    ...resource('Conference', lists({ participants: 'Participant', recordings: 'Recording' })),
    ...resource('Call', lists({ recordings: 'Recording' })),
    ...resource('Room', lists({ participants: 'Participant' })),
    ...resource('Flow', lists({ executions: 'Execution' })),
    ...resource('Workspace', lists({ tasks: 'Task', workers: 'Worker' })),
  },
};
