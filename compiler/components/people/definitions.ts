/** The roles that people take: for how long, after what proof, within what, and what they may do. */
import type { PlainObject } from "../../cfn/values.ts";
import { deploy, develop, watch } from "./permissions.ts";
import type { RoleName } from "./settings.ts";

export interface RoleDefinition {
  /** Hours that a session lasts at most. */
  readonly hours: number;
  /** Hours ago that the user may have given an MFA code. */
  readonly mfaHours: number;
  /** The boundary that it is within. */
  readonly boundary: "everyday" | "emergency";
  /** The AWS managed policy that it has, by its path. */
  readonly managed: string;
  /** Its own policies, by name. */
  readonly policies: (name: string) => Readonly<Record<string, readonly PlainObject[]>>;
  /** For people to read, in the access matrix. */
  readonly may: string;
  readonly mayNot: string;
}

const ADMINISTRATOR = "AdministratorAccess";
const VIEW = "job-function/ViewOnlyAccess";
const none = () => ({});

export const DEFINITIONS: Readonly<Record<RoleName, RoleDefinition>> = {
  "break-glass": {
    hours: 1,
    mfaHours: 1,
    boundary: "emergency",
    managed: ADMINISTRATOR,
    policies: none,
    may: "anything: for when nothing else helps",
    mayNot: "leave the organization, or switch off what records and watches",
  },
  admin: {
    hours: 4,
    mfaHours: 4,
    boundary: "everyday",
    managed: ADMINISTRATOR,
    policies: none,
    may: "anything else, and help a user who is locked out",
    mayNot:
      "leave the organization; switch off what records and watches; make users or give them more; change landform's roles, or make a role that is not bound as this one is",
  },
  deploy: {
    hours: 4,
    mfaHours: 4,
    boundary: "everyday",
    managed: VIEW,
    policies: (name) => ({ watch: watch(name), deploy: deploy(name) }),
    may: "in the account that stack sets live in: plan, deploy and remove, publish sites, push images. What is deployed can do anything, in every account",
    mayNot: "read data or secrets, or change anything by hand",
  },
  developer: {
    hours: 8,
    mfaHours: 12,
    boundary: "everyday",
    managed: VIEW,
    policies: (name) => ({ watch: watch(name), develop: develop(name) }),
    may: "see everything that is configured, logs of services and functions, metrics and parameters; restart, scale and set back services; call functions",
    mayNot: "read data or secrets, open a shell, or change networks, permissions and what is deployed",
  },
  "read-only": {
    hours: 8,
    mfaHours: 12,
    boundary: "everyday",
    managed: VIEW,
    policies: (name) => ({ watch: watch(name) }),
    may: "see everything that is configured, logs of services and functions, metrics and parameters",
    mayNot: "read data or secrets, or change anything",
  },
};
