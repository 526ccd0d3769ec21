const endings = [
  '',
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '/index.ts',
  '/index.tsx',
  '/index.js',
];

/** The files that a relative import may mean, the likeliest first. */
export function* candidatesOf(path: string): Iterable<string> {
  // `./client.js` is written for `client.ts`.
  const source = path.replace(/\.([cm]?)jsx?$/, '.$1ts');
  if (source !== path) yield* [source, source.replace(/ts$/, 'tsx')];
  for (const ending of endings) yield path + ending;
}

export function folderOf(fileName: string): string {
  return fileName.slice(0, fileName.lastIndexOf('/') + 1);
}

export function join(folder: string, relative: string): string {
  const parts = folder.replace(/\/$/, '').split('/');
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
