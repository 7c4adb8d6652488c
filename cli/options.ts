/** What the commands are told on the command line. */

/** Options of every command that reads specs. */
export interface CommonOptions {
  readonly out: string;
  readonly json?: boolean;
}

/** Options of `show`. */
export interface ShowOptions {
  readonly in: string;
  readonly region?: string;
  readonly spec?: string;
  readonly json?: boolean;
}
