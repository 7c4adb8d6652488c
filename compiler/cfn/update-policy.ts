/** How CloudFormation updates a resource, where it lets one choose. */
import type { InstanceRefresh } from "./auto-scaling.ts";
import type { Reference } from "./values.ts";

/** Leads calls of an alias from one version to the next: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html#cfn-attributes-updatepolicy-codedeploylambdaaliasupdate */
interface LambdaAliasUpdate {
  readonly ApplicationName: Reference;
  readonly DeploymentGroupName: Reference;
}

/** Replaces instances in batches, each of which waits for its signals: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html#cfn-attributes-updatepolicy-rollingupdate */
interface RollingUpdate {
  readonly MinInstancesInService: number;
  readonly MaxBatchSize: number;
  readonly WaitOnResourceSignals: boolean;
  /** How long it waits for them. */
  readonly PauseTime: string;
  readonly SuspendProcesses: readonly string[];
}

/** Ours are the same in every placement. */
export type UpdatePolicy =
  | { readonly AutoScalingRollingUpdate: RollingUpdate }
  | { readonly AutoScalingInstanceRefresh: InstanceRefresh }
  | { readonly CodeDeployLambdaAliasUpdate: LambdaAliasUpdate };
