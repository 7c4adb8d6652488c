/** How a store is used: where it is, who to be, what may be done with it. */
import {
  accountId,
  Import,
  join,
  type Output,
  type PlainObject,
  partition,
  region,
  sub,
} from "../../cfn/values.ts";
import { type Connection, variableOf } from "../../connection.ts";
import type { Entry } from "../../entries.ts";
import { pascalCase } from "../../names.ts";
import { decryptThrough, readSecret } from "../workload/statements.ts";
import { type CacheSettings, isOnNodes } from "./cache/settings.ts";
import { bucketOutputs, databaseOutputs, endpointOutputs, replicaOutputs } from "./outputs.ts";
import type { StoreSettings } from "./settings.ts";

type Connect = (store: string, settings: StoreSettings) => Connection;

const byEngine: Readonly<Record<StoreSettings["engine"], Connect>> = {
  s3: connectBucket,
  postgres: connectDatabase,
  memcached: connectCache,
  valkey: connectCache,
};

export function connectStore({ path, settings }: Entry<StoreSettings>): Connection | undefined {
  return byEngine[settings.engine]?.(String(path.at(-1)), settings);
}

/** Objects are read, written and deleted; the bucket itself is not changed. */
function connectBucket(store: string): Connection {
  const outputs = bucketOutputs(store);
  const id = pascalCase(store);
  const bucketArn = new Import(outputs.arn);
  return {
    variables: { [`${variableOf(store)}_BUCKET`]: new Import(outputs.name) },
    bucketName: new Import(outputs.name),
    statements: [
      {
        Sid: `List${id}`,
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket"],
        Resource: bucketArn,
      },
      {
        Sid: `Use${id}`,
        Effect: "Allow",
        Action: [
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:GetObject",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
        ],
        Resource: join("", [bucketArn, "/*"]),
      },
      decryptThrough("s3", `Encrypt${id}`, new Import(outputs.keyArn), [
        "kms:Decrypt",
        "kms:GenerateDataKey",
      ]),
    ],
  };
}

/**
 * User and password are injected; but the password is rotated where there are no replicas, so who runs for long reads
 * the secret itself, or connects by IAM as a user of the database that was granted `rds_iam`.
 */
function connectDatabase(store: string, { replicas }: StoreSettings): Connection {
  const outputs = databaseOutputs(store);
  const secret = { secretArn: new Import(outputs.secretArn), keyArn: new Import(outputs.keyArn) };
  const variable = variableOf(store);
  const id = pascalCase(store);
  const numbered = Array.from({ length: replicas }, (_, index) => ({
    number: index + 1,
    ...replicaOutputs(store, index + 1),
  }));
  return {
    variables: {
      ...endpointVariables(store),
      [`${variable}_DATABASE`]: new Import(outputs.database),
      [`${variable}_SECRET_ARN`]: secret.secretArn,
      ...Object.fromEntries(
        numbered.map(({ number, address }) => [`${variable}_REPLICA_${number}_HOST`, new Import(address)]),
      ),
    },
    secrets: {
      [`${variable}_USERNAME`]: { ...secret, jsonKey: "username" },
      [`${variable}_PASSWORD`]: { ...secret, jsonKey: "password" },
    },
    port: portOf(store, 5432),
    statements: [
      ...readSecret(id, secret),
      connectTo(id, outputs.resourceId),
      ...numbered.map(({ number, resourceId }) => connectTo(`${id}Replica${number}`, resourceId)),
    ],
  };
}

/** To one instance: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html */
const connectTo = (id: string, resourceId: Output): PlainObject => ({
  Sid: `ConnectTo${id}`,
  Effect: "Allow",
  Action: "rds-db:connect",
  Resource: join("", [
    sub`arn:${partition}:rds-db:${region}:${accountId}:dbuser:`,
    new Import(resourceId),
    "/*",
  ]),
});

/** A serverless cache has a second port, for reading from what is nearest. */
function connectCache(store: string, settings: StoreSettings): Connection {
  const first = settings.engine === "valkey" ? 6379 : 11211;
  return {
    variables: endpointVariables(store),
    port: portOf(store, first, isOnNodes(settings as CacheSettings) ? first : first + 1),
  };
}

function endpointVariables(store: string): Connection["variables"] {
  const { address, port } = endpointOutputs(store);
  return {
    [`${variableOf(store)}_HOST`]: new Import(address),
    [`${variableOf(store)}_PORT`]: new Import(port),
  };
}

const portOf = (store: string, from: number, to = from) => ({
  securityGroupId: new Import(endpointOutputs(store).securityGroupId),
  from,
  to,
});
