/** Blocks of public access to all of an account in a Region, younger than cloudform's types, in their form. */
import type { List, Value } from "cloudform-types/types/dataTypes.js";
import type { ResourceTag } from "cloudform-types/types/resource.js";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-snapshotblockpublicaccess.html */
export interface SnapshotBlockPublicAccessProperties {
  State: Value<string>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcblockpublicaccessexclusion.html */
export interface VpcBlockPublicAccessExclusionProperties {
  InternetGatewayExclusionMode: Value<string>;
  VpcId?: Value<string>;
  SubnetId?: Value<string>;
  Tags?: List<ResourceTag>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcblockpublicaccessoptions.html */
export interface VpcBlockPublicAccessOptionsProperties {
  InternetGatewayBlockMode: Value<string>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-servicesetting.html */
export interface ServiceSettingProperties {
  SettingId: Value<string>;
  SettingValue: Value<string>;
}
