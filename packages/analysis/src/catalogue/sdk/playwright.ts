import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const visit = (options: number): MemberRow => ({ effect: 'read', options, timeout: ['timeout'] });
const request = (method: string): MemberRow => ({
  effect: { method },
  options: 1,
  timeout: ['timeout'],
  retries: ['maxRetries'],
  resolvesOnErrorStatus: true,
  returns: 'APIResponse',
});

/** What a browser is told on this machine is no call; loading a page is one, and it is given up after 30 s. */
export const playwright: CatalogueModule = {
  module: 'playwright-core',
  also: ['playwright'],
  kind: 'sdk',
  docs: 'https://playwright.dev/docs/api/class-page#page-goto-option-timeout',
  client: { ownTimeout: 30_000 },
  exports: {
    ...each('chromium firefox webkit', { is: 'BrowserType' }),
    request: { is: 'APIRequest' },
  },
  types: {
    BrowserType: {
      members: {
        launch: { makes: 'Browser', options: 0 },
        launchPersistentContext: { makes: 'BrowserContext', options: 1 },
        // Here alone nothing is given up by default.
        connect: { effect: 'read', makes: 'Browser', options: 1, timeout: ['timeout'] },
        connectOverCDP: { effect: 'read', makes: 'Browser', options: 1, timeout: ['timeout'] },
        ...each('launchServer executablePath name', {}),
      },
    },
    Browser: {
      members: {
        newContext: { returns: 'BrowserContext' },
        newPage: { returns: 'Page' },
        ...each('close contexts isConnected version on', {}),
      },
    },
    BrowserContext: {
      members: {
        newPage: { returns: 'Page' },
        request: { is: 'APIRequestContext' },
        ...each('close pages cookies addCookies route on storageState setDefaultTimeout', {}),
      },
    },
    Page: {
      members: {
        goto: visit(1),
        ...each('reload goBack goForward', visit(0)),
        request: { is: 'APIRequestContext' },
        context: { returns: 'BrowserContext' },
        mainFrame: { returns: 'Frame' },
      },
    },
    Frame: { members: { goto: visit(1), page: { returns: 'Page' } } },
    APIRequest: { members: { newContext: { makes: 'APIRequestContext', options: 0 } } },
    APIRequestContext: {
      client: { timeout: ['timeout'], ownTimeout: 30_000 },
      members: {
        get: request('GET'),
        head: request('HEAD'),
        delete: request('DELETE'),
        post: request('POST'),
        put: request('PUT'),
        patch: request('PATCH'),
        fetch: { ...request('GET'), effect: { methodOption: 'method', otherwise: 'GET' }, carrier: 'Request' },
        ...each('dispose storageState', {}),
      },
    },
  },
};
