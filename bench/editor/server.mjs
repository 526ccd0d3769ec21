// A real tsserver, spoken to as editors do, that tells what it has used.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** @param {{ name: string, from: string } | undefined} plugin Its name, and the folder whose node_modules has it. */
export function startServer(plugin) {
  const child = spawn(
    process.execPath,
    [
      '--expose-gc',
      '--max-old-space-size=4096',
      '--require',
      fileURLToPath(new URL('probe.cjs', import.meta.url)),
      require.resolve('typescript/lib/tsserver.js'),
      '--disableAutomaticTypingAcquisition',
      ...(plugin ? ['--globalPlugins', plugin.name, '--pluginProbeLocations', plugin.from] : []),
    ],
    { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] },
  );
  const waiting = new Map();
  let sequence = 0;
  let buffer = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk) => {
    // Every message is one line; the headers between them are not JSON.
    const lines = (buffer + chunk).split('\n');
    buffer = lines.pop();
    for (const line of lines) {
      if (!line.startsWith('{')) continue;
      const { request_seq: request, success, message, body } = JSON.parse(line);
      const asked = waiting.get(request);
      if (success) asked?.resolve(body);
      else asked?.reject(new Error(message));
      waiting.delete(request);
    }
  });
  const send = (command, args) => {
    sequence += 1;
    child.stdin.write(`${JSON.stringify({ seq: sequence, type: 'request', command, arguments: args })}\n`);
  };
  return {
    send,
    ask(command, args) {
      send(command, args);
      return new Promise((resolve, reject) => {
        waiting.set(sequence, { resolve, reject });
      });
    },
    /** @param {'cpu' | 'heap'} what */
    used: (what) =>
      new Promise((resolve) => {
        child.once('message', resolve);
        child.send(what);
      }),
    stop: () => child.kill(),
  };
}
