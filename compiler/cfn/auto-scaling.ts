/** How instances of an Auto Scaling group are replaced, of which cloudform's types know no more than 2023 did. */

/**
 * How many instances there may be, in percent of those wanted, while some are replaced, whatever for.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-autoscaling-autoscalinggroup-instancemaintenancepolicy.html
 */
export interface InstanceMaintenancePolicy {
  readonly MinHealthyPercentage: number;
  readonly MaxHealthyPercentage: number;
}

/**
 * Replaces the instances of an Auto Scaling group by an instance refresh. What it does not say is as in the group's
 * instance maintenance policy, or as in Auto Scaling's API, by which a refresh waits for instances that are protected.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html#cfn-attributes-updatepolicy-instancerefresh
 */
interface InstanceRefresh {
  readonly Strategy: "Rolling" | "ReplaceRootVolume";
  readonly Preferences?: {
    readonly ScaleInProtectedInstances?: "Refresh" | "Ignore" | "Wait";
    readonly StandbyInstances?: "Terminate" | "Ignore" | "Wait";
    readonly SkipMatching?: boolean;
  };
}

/** How CloudFormation updates a resource. Ours are literals, the same in every placement. */
export interface UpdatePolicy {
  readonly AutoScalingInstanceRefresh: InstanceRefresh;
}
