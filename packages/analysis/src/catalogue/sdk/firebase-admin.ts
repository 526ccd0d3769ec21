import { each, type CatalogueModule, type ClientRow, type MemberRow } from '../catalogue.js';
import { firestoreTypes } from './google-firestore.js';
import { storageTypes } from './google-storage.js';

const read: MemberRow = { effect: 'read' };
const idempotent: MemberRow = { effect: 'idempotent-write' };

const stored: ClientRow = { ownRetries: { count: 3, effects: 'idempotent' } };
const http = (ownTimeout: number): ClientRow => ({ ownTimeout, ownRetries: { count: 4, effects: 'all' } });

/** What the service answers with 503, or not at all, is tried up to four times more. */
export const firebaseAdmin: CatalogueModule = {
  module: 'firebase-admin',
  kind: 'sdk',
  docs: 'https://firebase.google.com/docs/reference/admin/node',
  exports: {
    initializeApp: { returns: 'App' },
    ...each('app getApp', { returns: 'App' }),
    ...each('firestore getFirestore initializeFirestore', { returns: 'Firestore' }),
    ...each('auth getAuth', { returns: 'Auth' }),
    ...each('messaging getMessaging', { returns: 'Messaging' }),
    ...each('database getDatabase getDatabaseWithUrl', { returns: 'Database' }),
    ...each('storage getStorage', { returns: 'Storage' }),
    ...each('remoteConfig getRemoteConfig', { returns: 'RemoteConfig' }),
    ...each('cert applicationDefault refreshToken getApps deleteApp', {}),
  },
  types: {
    ...firestoreTypes,
    Bucket: { ...storageTypes.Bucket, client: stored },
    File: { ...storageTypes.File, client: stored },
    Auth: { extends: 'BaseAuth' },
    BaseAuth: {
      client: http(25_000),
      members: {
        ...each('getUser getUserByEmail getUserByPhoneNumber getUserByProviderUid getUsers listUsers', read),
        ...each('listProviderConfigs getProviderConfig', read),
        createUser: { effect: 'write' },
        ...each('deleteUser deleteUsers updateUser setCustomUserClaims revokeRefreshTokens importUsers', idempotent),
        ...each('createSessionCookie generatePasswordResetLink generateEmailVerificationLink', read),
        ...each('generateSignInWithEmailLink generateVerifyAndChangeEmailLink', read),
        // Judged on this machine, with certificates that are fetched every few hours.
        ...each('verifyIdToken verifySessionCookie createCustomToken', {}),
      },
    },
    Messaging: {
      client: http(15_000),
      members: {
        ...each('send sendEach sendEachForMulticast', { effect: 'write' }),
        ...each('subscribeToTopic unsubscribeFromTopic', idempotent),
      },
    },
    // Writes wait until there is a connection, for ever.
    Database: {
      members: {
        ref: { returns: 'Reference' },
        refFromURL: { returns: 'Reference' },
        ...each('goOffline goOnline', {}),
      },
    },
    // The name of a query of Firestore too.
    Query: {
      ...firestoreTypes.Query,
      members: {
        ...firestoreTypes.Query!.members,
        ...each('orderByChild orderByKey orderByValue limitToFirst equalTo', { returns: 'Query' }),
        once: read,
        ...each('on off', {}),
      },
    },
    Reference: {
      extends: 'Query',
      client: {},
      members: {
        child: { returns: 'Reference' },
        ...each('set remove setPriority', idempotent),
        ...each('update transaction', { effect: 'unknown' }),
        // Without a value it only makes up a key.
        ...each('push onDisconnect toString', {}),
      },
    },
    Storage: { client: stored, members: { bucket: { returns: 'Bucket' } } },
    RemoteConfig: {
      members: {
        ...each('getTemplate getTemplateAtVersion listVersions validateTemplate', read),
        ...each('publishTemplate rollback', idempotent),
      },
    },
  },
};
