/** Who reaches a store in the VPC: nobody, until somebody who uses it lets itself in. */
import { nowhere } from "../../cfn/security.ts";
import { Import } from "../../cfn/values.ts";
import type { Handle } from "../../stack.ts";
import { networkOutputs } from "../network/index.ts";
import type { StoreContext } from "./index.ts";
import { endpointOutputs } from "./outputs.ts";

/** A group that admits nobody, published: whoever uses the store adds an ingress of its own to it. */
export function addSecurityGroup(context: StoreContext): Handle<"AWS::EC2::SecurityGroup"> {
  const { stack, store, tags } = context;
  const group = stack.add("AWS::EC2::SecurityGroup", "SecurityGroup", {
    GroupDescription: `Those who use the store ${store}`,
    VpcId: new Import(networkOutputs.vpcId),
    SecurityGroupEgress: nowhere,
    Tags: tags,
  });
  stack.publish(endpointOutputs(store).securityGroupId, group.ref);
  return group;
}
