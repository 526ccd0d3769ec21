/** Why a row may stay although the types do not confirm it. One that has become needless fails the test. */
export interface Explanation {
  /** As the test names it: module, type, member and field. `*` at the end stands for any end. */
  readonly place: string;
  readonly reason: string;
  readonly isUnverifiable: boolean;
}

const generated = 'the client is generated from the schema of a project';
const baseClass = 'the methods are those of the classes that extend it';
const passedToFetch = 'passed on to `fetch`: declared as any object';
const driver = 'passed on to the driver: declared as any object';

/** The types say nothing (`any`), or are not there. */
const unverifiable: Readonly<Record<string, string>> = {
  '@apollo/client ApolloClient.query signal context.fetchOptions.signal': 'the context is any object, read by the link',
  '@apollo/client ApolloClient.mutate signal context.fetchOptions.signal':
    'the context is any object, read by the link',
  '@prisma/client PrismaClient*': generated,
  '@prisma/client TransactionClient*': generated,
  'centra name centra': 'written in JavaScript, without types anywhere',
  '@mikro-orm/core client timeout driverOptions.*': driver,
  '@neondatabase/serverless NeonQueryFunction.query signal fetchOptions.signal': passedToFetch,
  '@neondatabase/serverless NeonQueryFunction.transaction signal fetchOptions.signal': passedToFetch,
  '@neondatabase/serverless client timeout fetchOptions.signal': passedToFetch,
  'bullmq client timeout connection.*': driver,
  'octokit client retries retry.*': 'read by the retry plugin: declared as any option',
  'plaid PlaidApi.*': 'passed on to axios: the options of a call are declared as `any`',
  'plaid client timeout baseOptions.timeout': 'passed on to axios: declared as `any`',
  'sequelize client timeout dialectOptions.*': driver,
  'soap createClientAsync timeout wsdl_options.timeout': 'passed on to the HTTP client: declared as any object',
  'typeorm client timeout extra.*': driver,
  'typeorm getCustomRepository returns Repository': 'a class of the project, which extends `Repository`',
  'typeorm DataSource.getCustomRepository returns Repository': 'a class of the project, which extends `Repository`',
  'typeorm EntityManager.getCustomRepository returns Repository': 'a class of the project, which extends `Repository`',
};

const queryTimeout = 'read by `lib/client.js`, missing from `@types/pg`';
const procedure = 'what a procedure has: the type maps the routers of a project';
const proto = 'the methods are those of a service, generated from its `.proto`';
const upsert = 'an insert that says what happens on a conflict: a state of the builder, not a type';

/** The row knows better than the types. */
const exceptions: Readonly<Record<string, string>> = {
  '@notionhq/client Endpoints': 'the methods of a group such as `notion.pages`: an object without a name',
  '@connectrpc/connect Client others *': proto,
  '@grpc/grpc-js Client others timeout deadline': proto,
  '@nestjs/axios typeof HttpModule.register*': 'takes the options of the `HttpService` that is injected',
  '@prisma/client Delegate': generated,
  '@opensearch-project/opensearch Client.indices is Indices': 'an object without a name',
  '@trpc/client TRPCClient.query': procedure,
  '@trpc/client TRPCClient.mutate': procedure,
  '@trpc/client TRPCClient.subscribe': procedure,
  '@octokit/rest EndpointMethods': 'the methods of a group such as `rest.repos`: an object without a name',
  'aws-sdk Request lazy': 'sent by its last member, `promise` or `send`',
  'octokit EndpointMethods': 'the methods of a group such as `rest.repos`: an object without a name',
  'drizzle-orm PgDatabase.query is RelationalQueries': 'a mapped type without a name',
  'drizzle-orm MySqlDatabase.query is RelationalQueries': 'a mapped type without a name',
  'drizzle-orm RelationalQueries': 'a mapped type without a name',
  'drizzle-orm PgDatabase.with returns PgDatabase': 'an object with the queries of the database, without a name',
  'drizzle-orm MySqlDatabase.with returns MySqlDatabase': 'an object with the queries of the database, without a name',
  'groq-sdk APIResource others *': baseClass,
  'ioredis typeof Redis.createClient options*': '`ConstructorParameters` sees only the last overload, which has none',
  'kysely UpsertQueryBuilder': upsert,
  'kysely Kysely.replaceInto returns UpsertQueryBuilder': upsert,
  'kysely InsertQueryBuilder.onConflict returns UpsertQueryBuilder': upsert,
  'kysely InsertQueryBuilder.onDuplicateKeyUpdate returns UpsertQueryBuilder': upsert,
  'kysely InsertQueryBuilder.ignore returns UpsertQueryBuilder': upsert,
  'kysely InsertQueryBuilder.orIgnore returns UpsertQueryBuilder': upsert,
  'kysely InsertQueryBuilder.orReplace returns UpsertQueryBuilder': upsert,
  'memcached Memcached.delete': 'another name of `del`, missing from `@types/memcached`',
  'memcached Memcached.flushAll': 'another name of `flush`, missing from `@types/memcached`',
  'mongoose connect makes Connection': 'takes the options of the default connection',
  'pg ClientBase.query timeout query_timeout': queryTimeout,
  'pg Pool.query timeout query_timeout': queryTimeout,
  'pg-pool ClientBase.query timeout query_timeout': queryTimeout,
  'pg-pool Pool.query timeout query_timeout': queryTimeout,
  'sequelize typeof Model.unscoped returns ModelStatic': 'the class itself: `ModelStatic` has its static members',
  'sequelize ModelStatic.unscoped returns ModelStatic': 'the class itself: `ModelStatic` has its static members',
  'soap Client others timeout timeout': 'the methods are those of a service, known when its description is read',
  'stripe StripeResource.create': baseClass,
  'typeorm UpsertQueryBuilder': upsert,
  'typeorm InsertQueryBuilder.orIgnore returns UpsertQueryBuilder': upsert,
  'typeorm InsertQueryBuilder.orUpdate returns UpsertQueryBuilder': upsert,
  'wretch WretchResponseChain.setTimeout': 'added by the abort addon',
  'wretch WretchResponseChain lazy': 'sent by its last member, `json` or another type of body',
};

export const explanations: readonly Explanation[] = [
  ...Object.entries(unverifiable).map(([place, reason]) => ({ place, reason, isUnverifiable: true })),
  ...Object.entries(exceptions).map(([place, reason]) => ({ place, reason, isUnverifiable: false })),
];
