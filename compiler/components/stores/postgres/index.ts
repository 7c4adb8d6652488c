/** A PostgreSQL database by RDS: encrypted, TLS only, its password managed, in subnets that reach nothing. */
import { placeOf } from "../../../architecture.ts";
import type { PropertiesOf } from "../../../cfn/resources.ts";
import { Import, type Reference } from "../../../cfn/values.ts";
import type { Handle } from "../../../stack.ts";
import { networkOutputs } from "../../network/index.ts";
import { addQuery, QUERIES } from "../../queries.ts";
import { addSecurityGroup } from "../access.ts";
import type { StoreContext } from "../index.ts";
import { addKey } from "../key.ts";
import { databaseOutputs } from "../outputs.ts";
import { type DatabaseSettings, storageOf } from "../settings.ts";
import { identifierOf } from "./identifiers.ts";
import { addLogGroups, LOGS, logGroupOf } from "./logs.ts";
import type { DatabaseOrigin } from "./origins.ts";
import { addPassword, MASTER_USER } from "./password.ts";
import { addReplicas } from "./replicas.ts";

/** What a database is built of. */
export type DatabaseContext = StoreContext<DatabaseSettings>;

export function buildDatabase(context: DatabaseContext): void {
  const { stack, store, name, settings } = context;
  const identifier = identifierOf(name, store);
  const keyArn = addKey(context).att("Arn");
  stack.publish(databaseOutputs(store).keyArn, keyArn);
  const password = addPassword(context, keyArn);
  const shared = sharedProperties(context, keyArn);
  const logs = addLogGroups(context, identifier, "", { retain: true });
  addQuery(stack, "SlowestStatements", `${name}/store-${store}`, QUERIES.slowStatements, [
    logGroupOf(identifier, "postgresql"),
  ]);
  const database = stack.add(
    "AWS::RDS::DBInstance",
    "Database",
    {
      DBInstanceIdentifier: identifier,
      Engine: "postgres",
      EngineVersion: settings.version,
      // What the spec says decides; CloudFormation only passes on what has changed.
      AllowMajorVersionUpgrade: true,
      ...madeOf(context, keyArn),
      // Passed over beside a snapshot, whose encryption counts; but drift shows where that has none.
      StorageEncrypted: true,
      ...password.properties,
      MultiAZ: settings["multi-az"],
      DBSubnetGroupName: addSubnetGroup(context).ref,
      BackupRetentionPeriod: settings["backup-days"],
      PreferredBackupWindow: settings["backup-window"],
      DeleteAutomatedBackups: false,
      DeletionProtection: settings["deletion-protection"],
      ...shared,
    },
    { snapshot: true, dependsOn: logs, decidedBy: DECIDED_BY },
  );
  publish(context, database, password.secretArnOf(database));
  addReplicas(context, database, shared);
}

/** What a database is made of: with another of these CloudFormation makes another database. */
const DECIDED_BY = {
  Engine: "engine",
  DBName: "database",
  DBSnapshotIdentifier: "snapshot",
  DBClusterSnapshotIdentifier: "snapshot",
  SourceDBInstanceIdentifier: "snapshot",
  SourceDBClusterIdentifier: "snapshot",
  SourceDBInstanceAutomatedBackupsArn: "snapshot",
  SourceDbiResourceId: "snapshot",
  RestoreTime: "snapshot",
  UseLatestRestorableTime: "snapshot",
} as const satisfies Partial<Record<keyof PropertiesOf<"AWS::RDS::DBInstance">, keyof DatabaseSettings>>;

/**
 * What the database and its replicas have alike. RDS gives a replica no storage when its source gets more, so each that
 * does not grow by itself is told: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
 */
function sharedProperties(context: DatabaseContext, keyArn: Reference) {
  const { settings, tags } = context;
  const { initial, maximum } = storageOf(settings.storage);
  return {
    DBInstanceClass: settings.class,
    StorageType: "gp3",
    AllocatedStorage: String(initial),
    // Where it goes, CloudFormation sets what is allocated, which is how RDS stops growing:
    // https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds/pull/92
    ...(maximum > initial && { MaxAllocatedStorage: maximum }),
    DBParameterGroupName: addParameterGroup(context).ref,
    VPCSecurityGroups: [addSecurityGroup(context).ref],
    PubliclyAccessible: false,
    EnableIAMDatabaseAuthentication: true,
    EnableCloudwatchLogsExports: [...LOGS],
    EnablePerformanceInsights: true,
    PerformanceInsightsKMSKeyId: keyArn,
    DatabaseInsightsMode: "standard",
    AutoMinorVersionUpgrade: true,
    PreferredMaintenanceWindow: settings["maintenance-window"],
    CopyTagsToSnapshot: true,
    Tags: tags,
  } satisfies PropertiesOf<"AWS::RDS::DBInstance">;
}

/** Empty, or a snapshot, whose encryption, user and database it then has; as it was made, whatever the spec says now. */
function madeOf(context: DatabaseContext, keyArn: Reference) {
  const { database, snapshot } = originIn(context);
  return snapshot === undefined
    ? { DBName: database, MasterUsername: MASTER_USER, KmsKeyId: keyArn }
    : { DBSnapshotIdentifier: snapshot };
}

/** As it was made, whatever the spec says now. */
const originIn = ({ allocation, store, placement, settings }: DatabaseContext): DatabaseOrigin =>
  allocation[store]?.[placeOf(placement)] ?? settings;

function addParameterGroup({
  stack,
  store,
  settings,
}: DatabaseContext): Handle<"AWS::RDS::DBParameterGroup"> {
  return stack.add("AWS::RDS::DBParameterGroup", "ParameterGroup", {
    Description: `Settings of the store ${store}`,
    Family: `postgres${settings.version}`,
    Parameters: {
      "rds.force_ssl": "1",
      log_min_duration_statement: String(settings["slow-statements-ms"]),
      // What statements are called with may be secret, or somebody's.
      log_parameter_max_length: "0",
    },
  });
}

function addSubnetGroup({ stack, store }: DatabaseContext): Handle<"AWS::RDS::DBSubnetGroup"> {
  return stack.add("AWS::RDS::DBSubnetGroup", "SubnetGroup", {
    DBSubnetGroupDescription: `Where the store ${store} lies`,
    SubnetIds: new Import(networkOutputs.isolatedSubnetIds),
  });
}

function publish(
  context: DatabaseContext,
  database: Handle<"AWS::RDS::DBInstance">,
  secretArn: Reference,
): void {
  const { stack, store } = context;
  const outputs = databaseOutputs(store);
  stack.publish(outputs.address, database.att("Endpoint.Address"));
  stack.publish(outputs.port, database.att("Endpoint.Port"));
  stack.publish(outputs.database, originIn(context).database);
  stack.publish(outputs.secretArn, secretArn);
  stack.publish(outputs.resourceId, database.att("DbiResourceId"));
}
