import { createServer } from 'node:http';

/**
 * The remote control of the dependencies' process: `GET /counts`, `POST /start` (empties the counts and starts the
 * schedule's clock).
 *
 * @param {{ counts: () => object, start: () => void }} commands
 * @returns {Promise<string>} Its URL.
 */
export async function startControl({ counts, start }) {
  const server = createServer((incoming, outgoing) => {
    const answer = (/** @type {number} */ status, /** @type {object} */ body) =>
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

    incoming.resume();
    switch (`${incoming.method} ${incoming.url}`) {
      case 'GET /counts':
        return answer(200, counts());
      case 'POST /start':
        start();
        return answer(200, {});
      default:
        return answer(404, { error: 'GET /counts, POST /start' });
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}`;
}
