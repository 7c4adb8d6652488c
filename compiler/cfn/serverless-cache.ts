/** `AWS::ElastiCache::ServerlessCache`, which is younger than cloudform's types, in their form. */
import type { List, Value } from "cloudform-types/types/dataTypes.js";
import type { ResourceTag } from "cloudform-types/types/resource.js";

interface UsageLimit {
  Minimum?: Value<number>;
  Maximum?: Value<number>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticache-serverlesscache.html */
export interface ServerlessCacheProperties {
  ServerlessCacheName: Value<string>;
  Description?: Value<string>;
  Engine: Value<string>;
  MajorEngineVersion?: Value<string>;
  CacheUsageLimits?: {
    DataStorage?: UsageLimit & { Unit: Value<string> };
    ECPUPerSecond?: UsageLimit;
  };
  KmsKeyId?: Value<string>;
  SubnetIds?: List<Value<string>>;
  SecurityGroupIds?: List<Value<string>>;
  DailySnapshotTime?: Value<string>;
  SnapshotRetentionLimit?: Value<number>;
  Tags?: List<ResourceTag>;
}
