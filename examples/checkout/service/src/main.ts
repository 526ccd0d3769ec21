import type { AddressInfo } from 'node:net';
import { createApp } from './app.js';
import { config } from './config.js';

const server = createApp().listen(config.port, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`checkout listening on http://127.0.0.1:${port}`);
});
