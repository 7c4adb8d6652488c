/** The spec as the schema describes it: validated, not yet expanded. Keys are those of the YAML. */
export interface Spec {
  readonly version: 1;
  readonly name: string;
  readonly organization?: string;
  readonly regions: readonly string[];
  /** The account the stack sets live in, by name. */
  readonly administration?: string;
  readonly accounts: Readonly<Record<string, AccountSpec>>;
  readonly environments: Readonly<Record<string, EnvironmentSpec>>;
  /** The sections of the kinds, each read by its own component alone. */
  readonly [kind: string]: unknown;
}

export interface AccountSpec {
  readonly id: string;
  readonly email: string;
  /** Active where absent. A closed account is kept out of everything that is deployed. */
  readonly status?: "active" | "closed";
}

export interface EnvironmentSpec {
  readonly account: string;
  readonly regions?: readonly string[];
  /** The DNS domain its public names lie in. */
  readonly domain?: string;
  /** Whether applications run here; by default where it has a domain, or everywhere in a spec without domains. */
  readonly workloads?: boolean;
  /** The environment's own deltas, by kind. */
  readonly [kind: string]: unknown;
}
