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
 * Replaces the instances of an Auto Scaling group by an instance refresh, in the bounds of its maintenance policy, when
 * its launch template or its subnets change. For instances in standby or protected from scaling in it waits, an hour at
 * most, unless it is told otherwise.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html#cfn-attributes-updatepolicy-instancerefresh
 */
export interface InstanceRefresh {
  readonly Strategy: "Rolling" | "ReplaceRootVolume";
  readonly Preferences?: {
    readonly ScaleInProtectedInstances?: "Refresh" | "Ignore" | "Wait";
    readonly StandbyInstances?: "Terminate" | "Ignore" | "Wait";
  };
}
