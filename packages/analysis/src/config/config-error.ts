/**
 * A configuration, or a catalogue that a package brings, that cannot be used. The message names the file, the row and
 * the field, what stands there and what may.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'HOLDFAST_CONFIG';
  readonly file: string;
  /** Where in the configuration, such as `catalogue[0].types.Client.members.charge.effect`; empty for the file as a whole. */
  readonly path: string;

  constructor(message: string, { file, path = '', cause }: { file: string; path?: string; cause?: unknown }) {
    super(message, cause === undefined ? undefined : { cause });
    this.file = file;
    this.path = path;
  }
}
