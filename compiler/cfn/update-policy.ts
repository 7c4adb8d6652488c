/** How CloudFormation updates a resource, where it lets one choose. */
import type { InstanceRefresh } from "./auto-scaling.ts";
import type { Reference } from "./values.ts";

/** Leads calls of an alias from one version to the next: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html#cfn-attributes-updatepolicy-codedeploylambdaaliasupdate */
interface LambdaAliasUpdate {
  readonly ApplicationName: Reference;
  readonly DeploymentGroupName: Reference;
}

/** Ours are the same in every placement. */
export type UpdatePolicy =
  | { readonly AutoScalingInstanceRefresh: InstanceRefresh }
  | { readonly CodeDeployLambdaAliasUpdate: LambdaAliasUpdate };
