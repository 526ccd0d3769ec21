import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const visit = (options: number): MemberRow => ({ effect: 'read', options, timeout: ['timeout'], signal: 'signal' });
const launch: MemberRow = { makes: 'Browser', options: 0 };
const connect: MemberRow = { effect: 'read', makes: 'Browser', options: 0 };

/** What a browser is told on this machine is no call; loading a page is one, and it is given up after 30 s. */
export const puppeteer: CatalogueModule = {
  module: 'puppeteer-core',
  also: ['puppeteer'],
  kind: 'sdk',
  docs: 'https://pptr.dev/api/puppeteer.page.goto',
  client: { ownTimeout: 30_000 },
  exports: { default: { is: 'PuppeteerNode' }, launch, connect },
  types: {
    PuppeteerNode: { members: { launch, connect, ...each('executablePath defaultArgs trimCache', {}) } },
    Browser: {
      members: {
        newPage: { returns: 'Page' },
        createBrowserContext: { returns: 'BrowserContext' },
        ...each('close disconnect pages targets target version process wsEndpoint isConnected', {}),
      },
    },
    BrowserContext: { members: { newPage: { returns: 'Page' }, ...each('close pages targets', {}) } },
    Page: {
      members: {
        goto: visit(1),
        ...each('reload goBack goForward', visit(0)),
        mainFrame: { returns: 'Frame' },
        browser: { returns: 'Browser' },
      },
    },
    Frame: { members: { goto: visit(1), page: { returns: 'Page' } } },
  },
};
