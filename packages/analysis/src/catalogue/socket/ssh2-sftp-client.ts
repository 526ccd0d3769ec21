import { each, type CatalogueModule } from '../catalogue.js';

/** Connecting gives up after 20 s (`readyTimeout`); operations have no limit. */
export const ssh2SftpClient: CatalogueModule = {
  module: 'ssh2-sftp-client',
  kind: 'socket',
  docs: 'https://github.com/theophilusx/ssh2-sftp-client#readme',
  types: {
    default: {
      constructed: {},
      members: {
        ...each('list exists stat realPath cwd get fastGet downloadDir', { effect: 'read' }),
        ...each('put fastPut uploadDir mkdir rmdir delete', { effect: 'idempotent-write' }),
        ...each('rename posixRename chmod rcopy', { effect: 'idempotent-write' }),
        append: { effect: 'write' },
        ...each('connect end on removeListener createReadStream createWriteStream', {}),
      },
    },
    sftp: { extends: 'default' },
  },
};
