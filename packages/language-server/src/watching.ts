import ts from 'typescript';

/** Tells of changes on disk. */
export interface Watching {
  watchFile: ts.server.ServerHost['watchFile'];
  watchDirectory: ts.server.ServerHost['watchDirectory'];
  /** A file or folder has changed, says the editor. */
  notify(path: string, kind: ts.FileWatcherEventKind): void;
}

/**
 * The editor watches its folders for all its servers. What it does not watch we do, as tsserver does.
 *
 * @param onChange Hears when something changed that anybody watches.
 */
export function createWatching(isWatchedByEditor: (path: string) => boolean, onChange: () => void): Watching {
  const files = new Listeners<ts.FileWatcherCallback>();
  const folders = new Listeners<ts.DirectoryWatcherCallback>();
  const trees = new Listeners<ts.DirectoryWatcherCallback>();
  return {
    watchFile(path, callback, pollingInterval, options) {
      if (isWatchedByEditor(path)) return files.add(path, callback);
      const told: ts.FileWatcherCallback = (...change) => {
        callback(...change);
        onChange();
      };
      return ts.sys.watchFile!(path, told, pollingInterval, options);
    },
    watchDirectory(path, callback, recursive, options) {
      if (isWatchedByEditor(path)) return (recursive ? trees : folders).add(path, callback);
      const told: ts.DirectoryWatcherCallback = (name) => {
        callback(name);
        onChange();
      };
      return ts.sys.watchDirectory!(path, told, recursive, options);
    },
    notify(path, kind) {
      for (const callback of files.of(path)) callback(path, kind);
      // What was in a folder that is gone is gone; editors do not say so for each.
      if (kind === ts.FileWatcherEventKind.Deleted) {
        for (const file of files.below(path)) for (const callback of files.of(file)) callback(file, kind);
      }
      const [parent, ...others] = [...foldersAbove(path)];
      if (parent === undefined) return;
      for (const callback of folders.of(parent)) callback(path);
      for (const folder of [parent, ...others]) for (const callback of trees.of(folder)) callback(path);
    },
  };
}

class Listeners<Callback> {
  readonly #byPath = new Map<string, Set<Callback>>();

  add(path: string, callback: Callback): ts.FileWatcher {
    const key = keyOf(path);
    const callbacks = this.#byPath.get(key) ?? new Set();
    this.#byPath.set(key, callbacks.add(callback));
    return {
      close: () => {
        callbacks.delete(callback);
        if (callbacks.size === 0) this.#byPath.delete(key);
      },
    };
  }

  of(path: string): readonly Callback[] {
    return [...(this.#byPath.get(keyOf(path)) ?? [])];
  }

  below(folder: string): readonly string[] {
    return [...this.#byPath.keys()].filter((path) => path.startsWith(`${keyOf(folder)}/`));
  }
}

function keyOf(path: string): string {
  return ts.sys.useCaseSensitiveFileNames ? path : path.toLowerCase();
}

function* foldersAbove(path: string): Iterable<string> {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) yield path.slice(0, end);
}
