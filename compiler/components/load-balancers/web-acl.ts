/** The web ACL before the public load balancer. */
import { Import } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { keysOutputs } from "../keys.ts";
import { addWebAcl } from "../web-acl.ts";
import { balancerOutputs, WEB_ACL } from "./outputs.ts";
import { type LoadBalancersSettings, loadBalancersPath } from "./settings.ts";

export function buildWebAcl(name: string, settings: LoadBalancersSettings): ConcreteStack {
  const stack = new Stack(name, WEB_ACL, "The web ACL before the public load balancer", [
    ...loadBalancersPath,
    "public",
    "web-acl",
  ]);
  const webAcl = addWebAcl(stack, {
    scope: "REGIONAL",
    description: "Before the public load balancer",
    title: "public",
    metric: `${name}-web-acl`,
    logGroup: name,
    queries: `${name}/${WEB_ACL}`,
    retentionDays: settings["retention-days"],
    key: new Import(keysOutputs.logsKeyArn),
  });
  stack.add("AWS::WAFv2::WebACLAssociation", "Association", {
    ResourceArn: new Import(balancerOutputs("public").arn),
    WebACLArn: webAcl.att("Arn"),
  });
  return stack.build();
}
