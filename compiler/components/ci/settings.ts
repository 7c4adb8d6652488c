/** The settings of continuous integration, as `schema/ci.json` describes them, and the names that come of them. */
import { type Architecture, settingsIn } from "../../architecture.ts";
import { type Json, schemaAt, withDefaults } from "../../schema.ts";

export const ciPath = ["ci"] as const;

/** The stack set of its roles. */
export const CI = "ci";

/** Jobs that may take a role: those of a project, of one of its branches where it says so. */
export interface Jobs {
  readonly project: string;
  /** Without a scheme: `github.com/acme/web`. */
  readonly repository?: string;
  readonly branch?: string;
}

export interface CircleCi extends Jobs {
  readonly organization: string;
  readonly branch: string;
  readonly approve: readonly string[];
  readonly order: readonly string[];
  readonly image: string | readonly string[];
  readonly prepare?: string | readonly string[];
  readonly tests?: string | readonly string[];
  /** A virtual machine for the tests. */
  readonly machine?: string;
  readonly directory?: string;
  readonly "identity-provider": boolean;
  /** By the name of the service; see `applicationOf`. */
  readonly applications?: Readonly<Record<string, Jobs>>;
}

/** Undefined where the spec has no such section. */
export function circleCiOf({ spec }: Pick<Architecture, "spec">): CircleCi | undefined {
  const settings = settingsIn(spec, ciPath) as { circleci: CircleCi & Json } | null;
  return settings?.circleci;
}

/** The names of applications, in an order that the spec's does not change. */
export const applicationsOf = ({ applications = {} }: CircleCi): readonly string[] =>
  Object.keys(applications).toSorted();

/** The jobs that build a service's image, defaults filled in. */
export function applicationOf({ applications = {} }: CircleCi, service: string): Jobs {
  const schema = schemaAt([...ciPath, "circleci", "applications", service]) ?? {};
  return withDefaults(applications[service] as unknown as Json, schema) as unknown as Jobs;
}

/** The roles of the infrastructure's own pipeline. */
export const jobRoles = (specName: string) => ({
  plan: `${specName}-circleci-plan`,
  deploy: `${specName}-circleci-deploy`,
});

/** The role that pushes the image of a service. At most 20 + 6 + 32 characters; IAM allows 64. */
export const pusherName = (specName: string, service: string): string => `${specName}-push-${service}`;
