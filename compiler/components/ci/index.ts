/** Continuous integration: the roles that its jobs take by OIDC, and the files that its service reads. */
import type { Architecture } from "../../architecture.ts";
import { accountId, type PlainObject, partition, sub, type Value } from "../../cfn/values.ts";
import type { Component } from "../../component.ts";
import { pascalCase } from "../../names.ts";
import { Stack } from "../../stack.ts";
import { checkCi } from "./check.ts";
import { imageOf, pushPolicy } from "./images.ts";
import { orb } from "./orb.ts";
import { pipeline } from "./pipeline.ts";
import { deployPolicy, planPolicy } from "./roles.ts";
import {
  applicationOf,
  applicationsOf,
  CI,
  type CircleCi,
  ciPath,
  circleCiOf,
  type Jobs,
  jobRoles,
  pusherName,
} from "./settings.ts";
import { issuerOf, trustJobs } from "./trust.ts";

export const ci: Component = {
  path: ciPath,
  check: checkCi,
  /** One stack for all, built with the first placement. */
  build({ architecture, placement }) {
    const circleCi = circleCiOf(architecture);
    const { administration: account, home: region, placements } = architecture;
    if (!circleCi || placement !== placements[0]) return [];
    const serves = new Set(placements.map(({ environment }) => environment));
    return [buildRoles(architecture, circleCi).build({ account, region, serves: [...serves] })];
  },
  documents(architecture, specFile) {
    const circleCi = circleCiOf(architecture);
    if (!circleCi) return [];
    return [pipeline(architecture, circleCi, specFile), ...orb(architecture, circleCi, specFile)];
  },
};

/** A role that jobs take. */
interface JobRole {
  readonly name: string;
  readonly description: string;
  readonly jobs: Jobs;
  readonly policy: PlainObject;
}

function buildRoles(architecture: Architecture, circleCi: CircleCi): Stack {
  const { name } = architecture;
  const { branch: _, ...anyBranch } = circleCi;
  const from = [...ciPath, "circleci"];
  const stack = new Stack(name, CI, "The roles that CircleCI's jobs take", from);
  const provider = addProvider(stack, circleCi);
  const roles = jobRoles(name);
  const add = (id: string, { name: RoleName, description, jobs, policy }: JobRole, at = from) =>
    stack.add(
      "AWS::IAM::Role",
      id,
      {
        RoleName,
        Description: description,
        AssumeRolePolicyDocument: trustJobs(provider, circleCi.organization, jobs),
        Policies: [{ PolicyName: "job", PolicyDocument: policy }],
      },
      { from: at },
    );
  add("PlanRole", {
    name: roles.plan,
    description: `Shows what a deploy of ${name} would do; it can change nothing`,
    jobs: anyBranch,
    policy: planPolicy(architecture),
  });
  add("DeployRole", {
    name: roles.deploy,
    description: `Deploys ${name} and publishes its sites`,
    jobs: circleCi,
    policy: deployPolicy(architecture),
  });
  for (const service of applicationsOf(circleCi)) {
    const role = {
      name: pusherName(name, service),
      description: `Pushes the image of ${service}`,
      jobs: applicationOf(circleCi, service),
      // There is one: `check` has seen to it.
      policy: pushPolicy(architecture, imageOf(architecture, service) as string),
    };
    add(`Push${pascalCase(service)}Role`, role, [...from, "applications", service]);
  }
  return stack;
}

/** CircleCI's certificate is one of those that AWS knows, so no thumbprint is named. */
function addProvider(stack: Stack, { organization, "identity-provider": isOurs }: CircleCi): Value {
  const issuer = issuerOf(organization);
  if (!isOurs) return sub`arn:${partition}:iam::${accountId}:oidc-provider/${issuer}`;
  return stack.add("AWS::IAM::OIDCProvider", "IdentityProvider", {
    Url: `https://${issuer}`,
    ClientIdList: [organization],
  }).ref;
}
