/** The organization's policies, in its management account: what holds in every other account of the spec. */
import { activeAccounts, watchedRegions } from "../../architecture.ts";
import type { PlainObject } from "../../cfn/values.ts";
import type { Component } from "../../component.ts";
import { Stack } from "../../stack.ts";
import { ec2Attributes, s3Attributes } from "./declarative.ts";
import { guardrails, regionPolicy } from "./service-control.ts";
import { managementAccountOf, type OrganizationSettings, organizationPath } from "./settings.ts";

export const organization: Component<OrganizationSettings, undefined> = {
  path: organizationPath,
  scope: "watched",
  build({ name, architecture, placement, settings, path }) {
    const management = managementAccountOf(architecture);
    const isHere = placement.account.id === management?.id && placement.region === architecture.home;
    // Service control policies do not bind the management account, and it must be able to undo all of them.
    const others = activeAccounts(architecture.spec).filter(({ id }) => id !== management?.id);
    if (!isHere || !settings.policies || others.length === 0) return [];
    const stack = new Stack(name, "organization", "The policies that hold in every account", path);
    const add = (logicalId: string, type: string, Content: PlainObject, Description: string) =>
      stack.add("AWS::Organizations::Policy", logicalId, {
        Name: `${name}-${logicalId.toLowerCase()}`,
        Description,
        Type: type,
        Content,
        TargetIds: others.map(({ id }) => id),
      });
    const { spec } = architecture;
    add("Guardrails", "SERVICE_CONTROL_POLICY", guardrails(name), "What nobody may do in an account");
    if (settings["deny-regions"]) {
      const regions = [...new Set([...watchedRegions(spec), ...settings.regions.toSorted()])];
      const content = regionPolicy(name, regions);
      add("Regions", "SERVICE_CONTROL_POLICY", content, "Nothing happens in Regions that are not in use");
    }
    add("Ec2", "DECLARATIVE_POLICY_EC2", ec2Attributes, "How EC2 is set in every account");
    add("S3", "S3_POLICY", s3Attributes, "No bucket is public");
    return [stack.build()];
  },
};
