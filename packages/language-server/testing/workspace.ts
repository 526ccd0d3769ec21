import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { startClient, type Client, type ClientOptions } from './client.js';

/** A folder on disk, with a project in it, and the editors that have it open. */
export interface Workspace {
  readonly folder: string;
  /** @returns Its path. */
  write(name: string, text: string): string;
  edit(options?: Partial<ClientOptions>): Promise<Client>;
  /** Stops the editors too. */
  remove(): Promise<void>;
}

export function createWorkspace(): Workspace {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-')));
  // The compiler does not watch folders that are near the root of the file system.
  const folder = join(scratch, 'shop/service');
  const clients: Client[] = [];
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  write('package.json', '{ "type": "module" }');
  write('tsconfig.json', tsconfig());
  mkdirSync(join(folder, 'node_modules/@holdfast'), { recursive: true });
  symlinkSync(resolve(import.meta.dirname, '../../runtime'), join(folder, 'node_modules/@holdfast/runtime'));
  return {
    folder,
    write,
    async edit(options) {
      const client = await startClient({ folders: [folder], ...options });
      clients.push(client);
      return client;
    },
    async remove() {
      for (const client of clients) await client.stop();
      rmSync(scratch, { recursive: true });
    },
  };
}

export function tsconfig(others: object = {}, options: object = {}): string {
  const compilerOptions = { target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom'], types: [], strict: true };
  return JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, ...others });
}

/** One finding, of `fetch` in line 1. */
export const unguarded = 'export const load = () => fetch("https://a.internal");\n';

/** A client that ends calls by itself after a while. */
export const ky = 'declare module "ky" { const ky: { get(url: string): Promise<unknown> }; export default ky; }\n';
