import { each, type CatalogueModule, type MemberRow, type TypeRow } from '../catalogue.js';

/** An API, the class of its client, and its resources; a dot leads into another resource. */
const apis: Record<string, readonly [type: string, resources: string]> = {
  admin: ['Admin', 'users groups members orgunits roles activities'],
  analytics: ['Analytics', 'data data.ga data.realtime management'],
  analyticsdata: ['Analyticsdata', 'properties'],
  analyticsreporting: ['Analyticsreporting', 'reports'],
  androidpublisher: [
    'Androidpublisher',
    'edits purchases purchases.products purchases.subscriptions purchases.subscriptionsv2 orders reviews monetization',
  ],
  bigquery: ['Bigquery', 'datasets jobs tabledata tables projects'],
  calendar: ['Calendar', 'events calendarList calendars acl freebusy settings'],
  chat: ['Chat', 'spaces spaces.messages spaces.members'],
  classroom: ['Classroom', 'courses courses.courseWork courses.students userProfiles'],
  cloudresourcemanager: ['Cloudresourcemanager', 'projects'],
  compute: ['Compute', 'instances disks zones regions images'],
  customsearch: ['Customsearch', 'cse'],
  docs: ['Docs', 'documents'],
  drive: ['Drive', 'files permissions changes drives about comments replies revisions'],
  forms: ['Forms', 'forms forms.responses forms.watches'],
  gmail: [
    'Gmail',
    'users users.messages users.messages.attachments users.drafts users.labels users.threads users.history users.settings',
  ],
  iam: ['Iam', 'projects projects.serviceAccounts'],
  indexing: ['Indexing', 'urlNotifications'],
  oauth2: ['Oauth2', 'userinfo'],
  people: ['People', 'people people.connections contactGroups otherContacts'],
  pubsub: ['Pubsub', 'projects projects.topics projects.subscriptions'],
  searchconsole: ['Searchconsole', 'searchanalytics sites urlInspection urlInspection.index'],
  secretmanager: ['Secretmanager', 'projects projects.secrets projects.secrets.versions'],
  sheets: ['Sheets', 'spreadsheets spreadsheets.values spreadsheets.sheets'],
  slides: ['Slides', 'presentations presentations.pages'],
  storage: ['Storage', 'buckets objects'],
  tasks: ['Tasks', 'tasklists tasks'],
  walletobjects: [
    'Walletobjects',
    'genericobject genericclass loyaltyobject loyaltyclass eventticketobject eventticketclass',
  ],
  youtube: [
    'Youtube',
    'videos channels search playlists playlistItems comments commentThreads subscriptions thumbnails liveBroadcasts',
  ],
};

const call: MemberRow = {
  effect: { verb: 'member' },
  options: 1,
  timeout: ['timeout'],
  signal: 'signal',
  retries: ['retryConfig.retry'],
};
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
const resourceType = (path: string): string => ['Resource', ...path.split('.').map(capital)].join('$');

/** `users.messages` is a member of `users`, of type `Resource$Users$Messages`. */
function resourceTypes(): Record<string, TypeRow> {
  const types: Record<string, TypeRow & { members: Record<string, MemberRow> }> = {};
  for (const [type, resources] of Object.values(apis)) {
    types[type] = { members: { context: {} } };
    for (const path of resources.split(' ')) {
      const name = resourceType(path);
      types[name] ??= { members: { context: {} }, others: call };
      const outer = path.includes('.') ? resourceType(path.slice(0, path.lastIndexOf('.'))) : type;
      types[outer]!.members[path.slice(path.lastIndexOf('.') + 1)] = { is: name };
    }
  }
  return types;
}

/** Waits for ever by default. A request that can be repeated by its method is tried three times more. */
export const googleapis: CatalogueModule = {
  module: 'googleapis',
  kind: 'http',
  docs: 'https://github.com/googleapis/google-api-nodejs-client#request-options',
  client: {
    timeout: ['timeout'],
    retries: ['retryConfig.retry', 'retry'],
    ownRetries: { count: 3, effects: 'idempotent' },
  },
  exports: { google: { is: 'GoogleApis' } },
  types: {
    GoogleApis: {
      constructed: { options: 0 },
      members: {
        ...Object.fromEntries(Object.entries(apis).map(([name, [type]]) => [name, { makes: type, options: 0 }])),
        ...each('options auth discover discoverAPI getSupportedAPIs', {}),
      },
    },
    ...resourceTypes(),
  },
};
