import { each, type CatalogueModule, type MemberRow, type TypeRow } from '../catalogue.js';

const limited: MemberRow = { options: 1, timeout: ['requestTimeout'], signal: 'signal', retries: ['maxRetries'] };
const read: MemberRow = { ...limited, effect: 'read' };
const idempotent: MemberRow = { ...limited, effect: 'idempotent-write' };
const unknown: MemberRow = { ...limited, effect: 'unknown' };
const byVerb: MemberRow = { ...limited, effect: { verb: 'member' } };

/** Members for documents and searches; the second argument has the options of the request. */
const documents: Record<string, MemberRow> = {
  ...each(
    `search msearch searchTemplate msearchTemplate searchShards count get getSource mget exists existsSource explain
     fieldCaps rankEval termsEnum termvectors mtermvectors scroll openPointInTime info ping getScript`,
    read,
  ),
  // With an `id`, the same document is written again; without one, the server makes a new one.
  index: { ...limited, effect: 'write', key: ['id'] },
  create: { ...limited, effect: 'write', key: ['id'] },
  ...each('delete deleteByQuery clearScroll closePointInTime putScript deleteScript', idempotent),
  // A script may count, and a bulk may do anything.
  ...each('update updateByQuery bulk reindex', unknown),
  ...each('close', {}),
};

const namespace: TypeRow = { others: byVerb };

/** Without `requestTimeout` a request waits for ever; it is tried three times more after a lost connection or a 502 to 504. */
export const elasticsearch: CatalogueModule = {
  module: '@elastic/elasticsearch',
  kind: 'db',
  docs: 'https://www.elastic.co/docs/reference/elasticsearch/clients/javascript/basic-config',
  client: {
    timeout: ['requestTimeout'],
    retries: ['maxRetries'],
    ownRetries: { count: 3, effects: 'all' },
  },
  types: {
    Client: {
      constructed: { options: 0 },
      members: {
        ...documents,
        child: { returns: 'Client' },
        helpers: { is: 'Helpers' },
        indices: { is: 'Indices' },
        cluster: { is: 'Cluster' },
        cat: { is: 'Cat' },
        ingest: { is: 'Ingest' },
        ilm: { is: 'Ilm' },
        nodes: { is: 'Nodes' },
        tasks: { is: 'Tasks' },
        snapshot: { is: 'Snapshot' },
        security: { is: 'Security' },
        ml: { is: 'Ml' },
        sql: { is: 'Sql' },
        esql: { is: 'Esql' },
        ...each('diagnostic transport connectionPool serializer name', {}),
      },
      others: byVerb,
    },
    Indices: {
      members: {
        ...each(
          'exists existsAlias existsTemplate existsIndexTemplate analyze stats recovery segments validateQuery',
          read,
        ),
        ...each('get getAlias getMapping getSettings getTemplate getIndexTemplate', read),
        create: { ...limited, effect: 'write' },
        ...each(
          'delete deleteAlias deleteTemplate deleteIndexTemplate refresh flush forcemerge open close',
          idempotent,
        ),
        ...each('putAlias putMapping putSettings putTemplate putIndexTemplate updateAliases clearCache', idempotent),
        rollover: unknown,
      },
      others: byVerb,
    },
    Cluster: namespace,
    Cat: { others: read },
    Ingest: namespace,
    Ilm: namespace,
    Nodes: { others: read },
    Tasks: namespace,
    Snapshot: namespace,
    Security: namespace,
    Ml: namespace,
    Sql: { members: { query: read }, others: byVerb },
    Esql: { members: { query: read }, others: byVerb },
    Helpers: {
      members: {
        search: { effect: 'read' },
        bulk: { effect: 'unknown' },
        ...each('msearch scrollSearch scrollDocuments', {}),
      },
    },
  },
};

/** The rows that OpenSearch has kept. */
export const searchDocuments: Record<string, MemberRow> = documents;
