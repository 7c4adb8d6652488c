/** The function itself: its code, its log group, what it is told. */
import { artifactsBucket } from "../../bootstrap/names.ts";
import type { PropertiesOf } from "../../cfn/resources.ts";
import { type Expression, Import, type PlainObject } from "../../cfn/values.ts";
import { packedOf } from "../../code.ts";
import { GIVEN, secretVariableOf } from "../../connection.ts";
import { type Handle, part } from "../../stack.ts";
import { keysOutputs } from "../keys.ts";
import { networkOutputs } from "../network/index.ts";
import { zonesOf } from "../network/settings.ts";
import { imageUri } from "../registry/names.ts";
import { secretOutput } from "../secrets/outputs.ts";
import { addClientGroup, addUses } from "../workload/client.ts";
import { writeLogs } from "../workload/statements.ts";
import type { FunctionContext } from "./index.ts";
import { functionOutputs } from "./outputs.ts";
import { addRole } from "./role.ts";
import { codeOf } from "./settings.ts";

/** What runs code that does not say, by its language. */
const NEWEST = { node: "nodejs24.x", python: "python3.14" } as const;

/** The function, and what it is made of. */
export interface Lambda {
  readonly lambda: Handle<"AWS::Lambda::Function">;
  readonly properties: PropertiesOf<"AWS::Lambda::Function">;
}

/** @param statements what its role says because of its triggers */
export function addFunction(
  context: FunctionContext,
  deadLetters: Handle<"AWS::SQS::Queue">,
  statements: readonly PlainObject[],
): Lambda {
  const { stack, name, fn, what, physicalName, settings, placement } = context;
  const logGroup = addLogGroup(context);
  // Elsewhere it may be in the VPC, and a list is only read where all stacks of the set can read it.
  if (zonesOf(context.architecture, placement) > 0) stack.expects(networkOutputs.privateSubnetIds);
  const isInVpc = [...context.connections.values()].some(({ port }) => port);
  const role = addRole(context, isInVpc, [writeLogs(logGroup.att("Arn")), ...statements]);
  const tag = `${name}-${placement.environment}-${fn}`;
  const group = isInVpc ? addClientGroup(stack, what, tag, { part: VPC }) : undefined;
  if (group) stack.publish(functionOutputs(fn).securityGroupId, group.att("GroupId"), { part: VPC });
  addUses(stack, { what, role, group, within: VPC }, context.connections, (used) => [
    ...context.path,
    ...(settings.uses.includes(used) ? ["uses"] : ["on", "bucket"]),
  ]);
  const properties: PropertiesOf<"AWS::Lambda::Function"> = {
    FunctionName: physicalName,
    Description: `The function ${fn}`,
    ...programOf(context),
    Architectures: [settings.architecture],
    MemorySize: settings.memory,
    Timeout: settings["timeout-seconds"],
    EphemeralStorage: { Size: settings["temporary-storage"] },
    ...(settings.concurrency !== undefined && { ReservedConcurrentExecutions: settings.concurrency }),
    Role: role.att("Arn"),
    ...(group && {
      VpcConfig: {
        SubnetIds: new Import(networkOutputs.privateSubnetIds),
        SecurityGroupIds: [group.att("GroupId")],
      },
    }),
    Environment: { Variables: variablesOf(context) },
    KmsKeyArn: new Import(keysOutputs.variablesKeyArn),
    DeadLetterConfig: { TargetArn: deadLetters.att("Arn") },
    LoggingConfig: { LogGroup: logGroup.ref, LogFormat: "JSON" },
    TracingConfig: { Mode: settings.tracing ? "Active" : "PassThrough" },
    Tags: [{ Key: "Name", Value: tag }],
  };
  // It does not depend on its uses, which may be others elsewhere: what runs too soon is tried again.
  return { lambda: stack.add("AWS::Lambda::Function", "Function", properties), properties };
}

function addLogGroup({ stack, name, fn, settings, path }: FunctionContext): Handle<"AWS::Logs::LogGroup"> {
  return stack.add(
    "AWS::Logs::LogGroup",
    "LogGroup",
    {
      LogGroupName: `/${name}/function/${fn}`,
      RetentionInDays: settings["log-retention-days"],
      KmsKeyId: new Import(keysOutputs.logsKeyArn),
    },
    { retain: true, from: [...path, "log-retention-days"] },
  );
}

/** What it has where it is in the VPC. */
const VPC = part("Vpc", true);

/** What runs: an archive in the artifact bucket of its Region, or an image. */
function programOf(
  context: FunctionContext,
): Pick<
  PropertiesOf<"AWS::Lambda::Function">,
  "PackageType" | "Code" | "Handler" | "Runtime" | "ImageConfig"
> {
  const { stack, name, fn, architecture, placement, settings } = context;
  const code = codeOf(settings);
  if (!code) {
    const { image = "", version = "", command } = settings;
    return {
      PackageType: "Image",
      Code: { ImageUri: imageUri(architecture, image, version) },
      ...(command && { ImageConfig: { Command: [...command] } }),
    };
  }
  const { sha256, language } = packedOf(architecture, code);
  const key = `functions/${fn}/${sha256}.zip`;
  stack.requires(key);
  return {
    PackageType: "Zip",
    Code: {
      S3Bucket: artifactsBucket(name, architecture.administration.id, placement.region),
      S3Key: key,
    },
    Handler: settings.handler,
    Runtime: settings.runtime ?? NEWEST[language],
  };
}

/** In the order of their names. */
function variablesOf({
  settings,
  connections,
  placement,
}: FunctionContext): Record<string, string | Expression> {
  const variables: Record<string, string | Expression> = {
    [GIVEN.environment]: placement.environment,
    ...Object.assign({}, ...[...connections.values()].map((connection) => connection.variables)),
    ...Object.fromEntries(
      settings.secrets.map((secret) => [secretVariableOf(secret), new Import(secretOutput(secret))]),
    ),
    ...settings.variables,
  };
  return Object.fromEntries(Object.entries(variables).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
