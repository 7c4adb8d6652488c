/**
 * A function that changes in stages: each change is a version, an alias stands for the one in use, and CodeDeploy leads
 * calls from the old to the new. If a call of the new one fails meanwhile, it leads them back.
 */
import { createHash } from "node:crypto";
import type { PropertiesOf } from "../../cfn/resources.ts";
import { accountId, partition, type Reference, region, sub } from "../../cfn/values.ts";
import { packedOf } from "../../code.ts";
import { type Handle, part } from "../../stack.ts";
import { policyOf } from "../workload/statements.ts";
import type { FunctionContext } from "./index.ts";
import { codeOf, type DeploySettings } from "./settings.ts";

/** What there is only where a function changes in stages. */
export const STAGES = part("Stages", true);

/** The alias of the version in use. */
export const LIVE = "live";

/**
 * @param properties what the function is made of
 * @returns the alias by which it is called
 */
export function addStages(
  context: FunctionContext,
  lambda: Handle<"AWS::Lambda::Function">,
  properties: PropertiesOf<"AWS::Lambda::Function">,
): Handle<"AWS::Lambda::Alias"> {
  const { stack, path } = context;
  const options = { part: STAGES, from: [...path, "deploy"] };
  const version = addVersion(context, lambda, properties);
  const alarm = addAlarm(context, version.att("Version"));
  const application = stack.add(
    "AWS::CodeDeploy::Application",
    "Application",
    { ComputePlatform: "Lambda" },
    options,
  );
  const group = addDeploymentGroup(context, application, alarm);
  return stack.add(
    "AWS::Lambda::Alias",
    "Alias",
    { Name: LIVE, FunctionName: lambda.ref, FunctionVersion: version.att("Version") },
    {
      ...options,
      dependsOn: [alarm],
      updatePolicy: {
        CodeDeployLambdaAliasUpdate: { ApplicationName: application.ref, DeploymentGroupName: group.ref },
      },
    },
  );
}

/** What no version has of its own. Lambda makes no version where nothing else differs, and CloudFormation fails then. */
const OF_NO_VERSION: ReadonlySet<string> = new Set(["ReservedConcurrentExecutions", "Tags"]);

/** What a version is made of, in few characters. */
function describe(properties: object): string {
  const versioned = Object.entries(properties)
    .filter(([key]) => !OF_NO_VERSION.has(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const digest = createHash("sha256").update(JSON.stringify(versioned)).digest("hex");
  return `Made of ${digest.slice(0, 16)}`;
}

/**
 * A version can't change: CloudFormation makes another where one of its properties differs. By its description it does
 * for anything that the function is made of, and not for its code alone.
 */
function addVersion(
  { stack, settings, architecture, path }: FunctionContext,
  lambda: Handle<"AWS::Lambda::Function">,
  properties: PropertiesOf<"AWS::Lambda::Function">,
): Handle<"AWS::Lambda::Version"> {
  const code = codeOf(settings);
  const sha256 = code && packedOf(architecture, code).sha256;
  return stack.add(
    "AWS::Lambda::Version",
    "Version",
    {
      FunctionName: lambda.ref,
      Description: describe(properties),
      ...(sha256 !== undefined && { CodeSha256: Buffer.from(sha256, "hex").toString("base64") }),
    },
    {
      part: STAGES,
      from: [...path, "deploy"],
      follows: {
        logicalId: lambda.logicalId,
        properties: (overridden) => ({ Description: describe(overridden) }),
      },
    },
  );
}

/** Goes off when a call of a version fails. */
function addAlarm(
  { stack, what, physicalName, path }: FunctionContext,
  version: Reference,
): Handle<"AWS::CloudWatch::Alarm"> {
  return stack.add(
    "AWS::CloudWatch::Alarm",
    "NewVersionAlarm",
    {
      AlarmDescription: `The newest version of ${what} fails; its deployment is taken back`,
      Namespace: "AWS/Lambda",
      MetricName: "Errors",
      Dimensions: [
        { Name: "FunctionName", Value: physicalName },
        { Name: "Resource", Value: `${physicalName}:${LIVE}` },
        { Name: "ExecutedVersion", Value: version },
      ],
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "notBreaching",
    },
    { part: STAGES, from: [...path, "deploy"] },
  );
}

function addDeploymentGroup(
  context: FunctionContext,
  application: Handle<"AWS::CodeDeploy::Application">,
  alarm: Handle<"AWS::CloudWatch::Alarm">,
): Handle<"AWS::CodeDeploy::DeploymentGroup"> {
  const { stack, settings, path } = context;
  const options = { part: STAGES, from: [...path, "deploy"] };
  const config = stack.add(
    "AWS::CodeDeploy::DeploymentConfig",
    "DeploymentConfig",
    { ComputePlatform: "Lambda", TrafficRoutingConfig: routingOf(settings.deploy) },
    options,
  );
  return stack.add(
    "AWS::CodeDeploy::DeploymentGroup",
    "DeploymentGroup",
    {
      ApplicationName: application.ref,
      ServiceRoleArn: addShiftRole(context).att("Arn"),
      DeploymentConfigName: config.ref,
      DeploymentStyle: { DeploymentType: "BLUE_GREEN", DeploymentOption: "WITH_TRAFFIC_CONTROL" },
      AlarmConfiguration: { Enabled: true, Alarms: [{ Name: alarm.ref }] },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
      },
    },
    options,
  );
}

function routingOf({ strategy, "step-percent": percent, "step-minutes": minutes }: DeploySettings) {
  return strategy === "canary"
    ? { Type: "TimeBasedCanary", TimeBasedCanary: { CanaryPercentage: percent, CanaryInterval: minutes } }
    : { Type: "TimeBasedLinear", TimeBasedLinear: { LinearPercentage: percent, LinearInterval: minutes } };
}

/**
 * What CodeDeploy needs of AWS's policy for it, for this function alone. AWS describes the role without a condition for
 * who takes it: https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html
 */
function addShiftRole({ stack, what, physicalName, path }: FunctionContext): Handle<"AWS::IAM::Role"> {
  const own = sub`arn:${partition}:lambda:${region}:${accountId}:function:${physicalName}`;
  return stack.add(
    "AWS::IAM::Role",
    "ShiftRole",
    {
      Description: `Lets CodeDeploy lead calls from one version of ${what} to the next`,
      AssumeRolePolicyDocument: policyOf([
        { Effect: "Allow", Principal: { Service: "codedeploy.amazonaws.com" }, Action: "sts:AssumeRole" },
      ]),
      Policies: [
        {
          PolicyName: "shift-calls",
          PolicyDocument: policyOf([
            {
              Sid: "ShiftCalls",
              Effect: "Allow",
              Action: ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
              Resource: [own, sub`arn:${partition}:lambda:${region}:${accountId}:function:${physicalName}:*`],
            },
            {
              Sid: "SeeAlarms",
              Effect: "Allow",
              Action: "cloudwatch:DescribeAlarms",
              Resource: sub`arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*`,
            },
          ]),
        },
      ],
    },
    { part: STAGES, from: [...path, "deploy"] },
  );
}
