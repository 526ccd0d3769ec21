import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const rpc: MemberRow = { effect: 'unknown', returns: 'PostgrestFilterBuilder' };

/**
 * A query is sent when it is awaited, and resolves whatever its status: the error is a field of the answer. No timeout,
 * unless `db.timeout` is set; a query that only reads is tried three times more.
 */
export const supabase: CatalogueModule = {
  module: '@supabase/supabase-js',
  also: ['@supabase/postgrest-js', '@supabase/storage-js', '@supabase/functions-js', '@supabase/auth-js'],
  kind: 'sdk',
  docs: 'https://supabase.com/docs/reference/javascript/initializing',
  client: { timeout: ['db.timeout', 'global.fetch', 'timeout', 'fetch'] },
  exports: { createClient: { makes: 'SupabaseClient', options: 2 } },
  types: {
    SupabaseClient: {
      constructed: { options: 2 },
      members: {
        from: { returns: 'PostgrestQueryBuilder' },
        schema: { returns: 'PostgrestClient' },
        rpc,
        storage: { is: 'StorageClient' },
        functions: { is: 'FunctionsClient' },
        auth: { is: 'SupabaseAuthClient' },
        ...each('channel getChannels removeChannel removeAllChannels realtime', {}),
      },
    },
    PostgrestClient: {
      constructed: { options: 1 },
      members: { from: { returns: 'PostgrestQueryBuilder' }, schema: { returns: 'PostgrestClient' }, rpc },
    },
    PostgrestQueryBuilder: {
      members: {
        select: { effect: 'read', returns: 'PostgrestFilterBuilder' },
        insert: { effect: 'write', returns: 'PostgrestFilterBuilder' },
        ...each('update upsert delete', { effect: 'idempotent-write', returns: 'PostgrestFilterBuilder' }),
      },
    },
    PostgrestFilterBuilder: { extends: 'PostgrestTransformBuilder' },
    PostgrestTransformBuilder: { extends: 'PostgrestBuilder', members: { abortSignal: { limits: true } } },
    PostgrestBuilder: {
      lazy: { effect: 'read' },
      client: {
        timeout: ['db.timeout', 'global.fetch', 'timeout', 'fetch'],
        retries: ['retry'],
        ownRetries: { count: 3, effects: 'read' },
      },
    },
    StorageClient: {
      constructed: { options: 2 },
      members: {
        from: { returns: 'StorageFileApi' },
        ...each('listBuckets getBucket', { effect: 'read' }),
        createBucket: { effect: 'write' },
        ...each('updateBucket emptyBucket deleteBucket', { effect: 'idempotent-write' }),
      },
    },
    StorageFileApi: {
      members: {
        // The path names what is written; without `upsert` a second upload is refused.
        ...each('upload uploadToSignedUrl update move copy remove', { effect: 'idempotent-write' }),
        ...each('download info exists list listV2', { effect: 'read' }),
        ...each('createSignedUrl createSignedUrls createSignedUploadUrl', { effect: 'read' }),
        ...each('getPublicUrl toBase64', {}),
      },
    },
    FunctionsClient: {
      constructed: { options: 1 },
      members: {
        invoke: { effect: 'unknown', options: 1, timeout: ['timeout'], signal: 'signal' },
        setAuth: {},
      },
    },
    SupabaseAuthClient: { extends: 'GoTrueClient' },
    GoTrueClient: {
      constructed: { options: 0 },
      members: {
        admin: { is: 'GoTrueAdminApi' },
        ...each('getUser getUserIdentities getClaims verifyOtp', { effect: 'read' }),
        ...each('signInWithPassword signInWithIdToken signInAnonymously exchangeCodeForSession refreshSession', {
          effect: 'unknown',
        }),
        ...each('signUp signInWithOtp resend resetPasswordForEmail', { effect: 'write' }),
        ...each('updateUser signOut', { effect: 'idempotent-write' }),
        // The session is in memory or in storage, and refreshed only when it has run out.
        ...each('getSession onAuthStateChange startAutoRefresh stopAutoRefresh initialize', {}),
      },
    },
    GoTrueAdminApi: {
      members: {
        ...each('listUsers getUserById', { effect: 'read' }),
        ...each('createUser inviteUserByEmail generateLink', { effect: 'write' }),
        ...each('updateUserById deleteUser signOut', { effect: 'idempotent-write' }),
      },
    },
  },
};
