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

/** Options of `release`. */
export interface ReleaseOptions extends CommonOptions {
  readonly in?: readonly string[];
  readonly spec?: string;
}

/** Options of `pack`. */
export interface PackOptions {
  /** The directory that takes the archives. */
  readonly to: string;
  readonly json?: boolean;
}

/** Options of every command that talks to AWS. */
export interface DeployOptions extends CommonOptions {
  readonly profile?: string;
  readonly endpointUrl?: string;
}

/** Options of the commands that wait for operations. */
export interface WaitOptions extends DeployOptions {
  /** Seconds between two questions to AWS. */
  readonly poll: number;
}

export interface DeployCommandOptions extends WaitOptions {
  readonly environment?: readonly string[];
  readonly only?: readonly string[];
  /** Also stacks in which nothing differs are updated. */
  readonly refresh?: boolean;
}

export interface DriftOptions extends WaitOptions {
  readonly only?: readonly string[];
}

export interface PlanOptions extends DeployOptions {
  /** A file that takes the JSON document, whatever is printed. */
  readonly save?: string;
  readonly environment?: readonly string[];
  readonly only?: readonly string[];
}

export interface StatusOptions extends WaitOptions {
  readonly watch?: boolean;
}

export interface BootstrapOptions extends WaitOptions {
  /** The role in each account that the caller may assume to make the first roles there. */
  readonly role: string;
}

export interface RemoveOptions extends WaitOptions {
  readonly in?: readonly string[];
  readonly yes?: boolean;
  readonly retain?: boolean;
  /** Also what is in the spec. */
  readonly all?: boolean;
}

export interface PublishOptions extends WaitOptions {
  /** The environment. */
  readonly in: string;
  /** The folder, if not that of the spec. */
  readonly source?: string;
  readonly spec?: string;
}
