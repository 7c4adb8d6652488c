/** The delivery of logs that services vend, which is younger than cloudform's types, in their form. */
import type { List, Value } from "cloudform-types/types/dataTypes.js";
import type { ResourceTag } from "cloudform-types/types/resource.js";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-deliverysource.html */
export interface DeliverySourceProperties {
  Name: Value<string>;
  ResourceArn?: Value<string>;
  LogType?: Value<string>;
  Tags?: List<ResourceTag>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-deliverydestination.html */
export interface DeliveryDestinationProperties {
  Name: Value<string>;
  DestinationResourceArn?: Value<string>;
  OutputFormat?: Value<string>;
  Tags?: List<ResourceTag>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-delivery.html */
export interface DeliveryProperties {
  DeliverySourceName: Value<string>;
  DeliveryDestinationArn: Value<string>;
  Tags?: List<ResourceTag>;
}
