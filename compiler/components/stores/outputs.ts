/** What stores declare for others, in every placement that has them. */
import type { Output, OutputType } from "../../cfn/values.ts";

export const stackSetOf = (store: string): string => `store-${store}`;

const output = (store: string, name: string, description: string, type: OutputType = "String"): Output => ({
  stackSet: stackSetOf(store),
  name,
  type,
  description,
});

export const bucketOutputs = (store: string) => ({
  name: output(store, "bucket-name", `The bucket of the store ${store}`),
  arn: output(store, "bucket-arn", `ARN of the bucket of the store ${store}`),
  keyArn: output(store, "key-arn", `ARN of the key of the store ${store}`),
});

/** Of what lies in the VPC: databases and caches. */
export const endpointOutputs = (store: string) => ({
  address: output(store, "address", `Host name of the store ${store}`),
  port: output(store, "port", `Port of the store ${store}`),
  securityGroupId: output(
    store,
    "security-group-id",
    `The security group of the store ${store}, which takes an ingress of each who uses it`,
    "AWS::EC2::SecurityGroup::Id",
  ),
});

export const databaseOutputs = (store: string) => ({
  ...endpointOutputs(store),
  database: output(store, "database", `Name of the database in the store ${store}`),
  secretArn: output(store, "secret-arn", `ARN of the secret with user and password of the store ${store}`),
  keyArn: output(store, "key-arn", `ARN of the key of the store ${store} and of its secret`),
  resourceId: output(store, "resource-id", `What IAM authentication calls the store ${store}`),
});

/** Published where somebody watches. */
export const clusterOutput = (store: string): Output =>
  output(store, "cluster-id", `What CloudWatch calls the nodes of the store ${store}, or begins so`);

/** Of one replica; its port, database, user and password are those of the store. */
export const replicaOutputs = (store: string, number: number) => ({
  address: output(store, `replica-${number}-address`, `Host name of replica ${number} of the store ${store}`),
  resourceId: output(
    store,
    `replica-${number}-resource-id`,
    `What IAM authentication calls replica ${number} of the store ${store}`,
  ),
});
