/** What the VPN's server is told when it first boots: a few variables, and the script. */
import { base64, type Expression, join, Reference, region, sub, urlSuffix } from "../../cfn/values.ts";
import { parameterName } from "../../stack.ts";
import script from "./instance.sh?raw";
import { vpnOutputs } from "./outputs.ts";
import type { Surroundings } from "./role.ts";
import { metricNamespace, secretsPrefix } from "./settings.ts";

export interface UserDataOptions {
  readonly name: string;
  /** The range of the clients. */
  readonly clients: string;
  /** The ranges they get to. */
  readonly reaches: readonly string[];
  readonly profileDays: number;
}

/** What is read in the repository and not by machines: user data has room for 16 KB, of which this would be three. */
const COMMENTS = /^ *#.*\n/gm;

/** Days before the end of a profile in which there is a new one. */
const RENEWAL_DAYS = 30;

export function userData(
  { name, clients, reaches, profileDays }: UserDataOptions,
  { store, address, logGroup }: Surroundings,
): Expression {
  const variables = sub`#!/bin/bash
NAME=${name}
REGION=${region}
DOMAIN=${urlSuffix}
STACK=${new Reference("AWS::StackName")}
BUCKET=${store.bucket.ref}
PEOPLE=${parameterName(name, vpnOutputs.people)}
SECRETS=${secretsPrefix(name)}
ALLOCATION=${address.att("AllocationId")}
ADDRESS=${address.att("PublicIp")}
CLIENTS=${clients}
REACHES=${reaches.join()}
DAYS=${String(profileDays)}
RENEW=${String(RENEWAL_DAYS)}
LOGS=${logGroup.ref}
METRICS=${metricNamespace(name)}
`;
  return base64(join("", [variables, script.replace(COMMENTS, "")]));
}
