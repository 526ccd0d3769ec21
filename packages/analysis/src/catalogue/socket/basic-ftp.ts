import { each, type CatalogueModule } from '../catalogue.js';

/** Gives up after 30 s of silence by default; another limit is an argument of the constructor. */
export const basicFtp: CatalogueModule = {
  module: 'basic-ftp',
  kind: 'socket',
  docs: 'https://github.com/patrickjuchli/basic-ftp#new-clienttimeout--30000',
  client: { ownTimeout: 30_000 },
  types: {
    Client: {
      constructed: {},
      members: {
        ...each('access connect connectImplicitTLS useTLS login useDefaultSettings', { effect: 'read' }),
        ...each('pwd cd cdup list lastMod size features downloadTo downloadToDir', { effect: 'read' }),
        ...each('uploadFrom uploadFromDir rename remove', { effect: 'idempotent-write' }),
        ...each('ensureDir removeDir removeEmptyDir clearWorkingDir', { effect: 'idempotent-write' }),
        ...each('send sendIgnoringError', { effect: 'unknown' }),
        appendFrom: { effect: 'write' },
        ...each('close trackProgress protectWhitespace', {}),
      },
    },
  },
};
