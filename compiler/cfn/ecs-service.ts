/** What cloudform's type of `AWS::ECS::Service` lacks, in its form: deployments in stages, and zones kept in balance. */
import type { List, Value } from "cloudform-types/types/dataTypes.js";
import type {
  DeploymentConfiguration,
  LoadBalancer,
  ServiceProperties as OldServiceProperties,
} from "cloudform-types/types/ecs/service.js";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html */
export interface ServiceProperties
  extends Omit<OldServiceProperties, "DeploymentConfiguration" | "LoadBalancers"> {
  AvailabilityZoneRebalancing?: Value<string>;
  DeploymentConfiguration?: DeploymentConfiguration & {
    Strategy?: Value<string>;
    BakeTimeInMinutes?: Value<number>;
    CanaryConfiguration?: { CanaryPercent: Value<number>; CanaryBakeTimeInMinutes: Value<number> };
    LinearConfiguration?: { StepPercent: Value<number>; StepBakeTimeInMinutes: Value<number> };
  };
  LoadBalancers?: List<LoadBalancer & { AdvancedConfiguration?: AdvancedConfiguration }>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-advancedconfiguration.html */
interface AdvancedConfiguration {
  AlternateTargetGroupArn: Value<string>;
  ProductionListenerRule?: Value<string>;
  RoleArn?: Value<string>;
}
