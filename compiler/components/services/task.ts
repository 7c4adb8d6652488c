/** The task definition: one container, which may do no more than it must; its two roles, its log group. */
import { type Expression, Import, join, type PlainObject, region, type Value } from "../../cfn/values.ts";
import { GIVEN, type SecretValue, variableOf } from "../../connection.ts";
import type { Handle, Stack } from "../../stack.ts";
import { keysOutputs } from "../keys.ts";
import { hasBalancer } from "../load-balancers/settings.ts";
import { imageUri, repositoryArn } from "../registry/names.ts";
import { secretOutput, secretsOutputs } from "../secrets/outputs.ts";
import { internalUrl } from "../workload/requests.ts";
import { ownArn, policyOf, readSecrets, trust, writeLogs } from "../workload/statements.ts";
import { capacityOf } from "./capacity.ts";
import type { ServiceContext } from "./index.ts";
import type { ServiceSettings } from "./settings.ts";

export interface Task {
  readonly definition: Handle<"AWS::ECS::TaskDefinition">;
  readonly roles: readonly Handle<"AWS::IAM::Role">[];
}

/** What Docker gives a container. https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities */
const CAPABILITIES = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** Seconds: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
const LONGEST_START = 300;

/** ECS starts tasks of this account in its roles. */
const trustTasks = trust("ecs-tasks.amazonaws.com", ownArn("ecs"));

export function addTask(context: ServiceContext): Task {
  const { stack, name, service, settings, architecture, placement, role } = context;
  const logGroup = stack.add(
    "AWS::Logs::LogGroup",
    "LogGroup",
    {
      LogGroupName: `/${name}/service/${service}`,
      RetentionInDays: settings["log-retention-days"],
      KmsKeyId: new Import(keysOutputs.logsKeyArn),
    },
    { retain: true },
  );
  const secrets = secretsOf(context);
  const executionRole = addExecutionRole(context, logGroup, Object.values(secrets));
  const isOnFargate = capacityOf(architecture, placement, settings) !== "ec2";
  const definition = stack.add("AWS::ECS::TaskDefinition", "TaskDefinition", {
    Family: `${name}-${service}`,
    NetworkMode: "awsvpc",
    RequiresCompatibilities: [isOnFargate ? "FARGATE" : "EC2"],
    ...(isOnFargate && {
      RuntimePlatform: {
        CpuArchitecture: settings.architecture.toUpperCase(),
        OperatingSystemFamily: "LINUX",
      },
    }),
    Cpu: String(settings.cpu),
    Memory: String(settings.memory),
    ExecutionRoleArn: executionRole.att("Arn"),
    TaskRoleArn: role.att("Arn"),
    ContainerDefinitions: [
      {
        Name: service,
        Image: imageUri(architecture, settings.image, settings.version),
        Essential: true,
        ...containerOf(settings),
        Environment: environmentOf(context),
        ...(Object.keys(secrets).length > 0 && { Secrets: Object.entries(secrets).map(injected) }),
        LogConfiguration: {
          LogDriver: "awslogs",
          Options: {
            "awslogs-group": logGroup.ref,
            "awslogs-region": region,
            "awslogs-stream-prefix": "task",
            // Rather a line lost than a service that waits for its logs to be taken.
            mode: "non-blocking",
          },
        },
      },
    ],
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html: what is under `VOLUME` in a Dockerfile
    // is copied, with its owner; a tmpfs would need no such thing, but would take of the task's memory.
    ...(settings.writable.length > 0 && {
      Volumes: settings.writable.map((path) => ({ Name: volumeOf(path) })),
    }),
    Tags: [{ Key: "Name", Value: `${name}-${placement.environment}-${service}` }],
  });
  return { definition, roles: [executionRole, role] };
}

/** What the container may do, and how it is treated. */
function containerOf(settings: ServiceSettings) {
  const { command, port, user, writable, capabilities, health } = settings;
  const dropped = CAPABILITIES.filter((capability) => !capabilities.includes(capability));
  return {
    ...(command && { Command: [...command] }),
    ...(port !== undefined && { PortMappings: [{ ContainerPort: port, Protocol: "tcp" }] }),
    ...(user !== undefined && { User: user }),
    Privileged: false,
    ReadonlyRootFilesystem: !settings.shell,
    ...(writable.length > 0 && {
      MountPoints: writable.map((path) => ({
        ContainerPath: path,
        SourceVolume: volumeOf(path),
        ReadOnly: false,
      })),
    }),
    LinuxParameters: {
      // Passes signals on and cleans up after child processes.
      InitProcessEnabled: true,
      Capabilities: { Drop: capabilities.length > 0 ? dropped : ["ALL"] },
    },
    StopTimeout: settings["stop-seconds"],
    ...(health.command && {
      HealthCheck: {
        Command: ["CMD", ...health.command],
        Interval: health.seconds,
        StartPeriod: Math.min(health["grace-seconds"], LONGEST_START),
      },
    }),
  };
}

/** The name of the volume for a directory. */
export const volumeOf = (path: string): string => path.slice(1).replaceAll(/[/.]/g, "-");

/** Its own variables, those of what it uses, and where it is. */
function environmentOf({ settings, connections, architecture, placement }: ServiceContext) {
  const domain = architecture.spec.environments[placement.environment]?.domain;
  const variables: Record<string, string | Expression> = {
    [GIVEN.environment]: placement.environment,
    // On EC2 nothing else tells it: the instance's metadata is out of its reach.
    [GIVEN.region]: region,
    ...(domain !== undefined &&
      hasBalancer(architecture, placement, "internal") && { [GIVEN.internalUrl]: internalUrl(domain) }),
    ...Object.assign({}, ...[...connections.values()].map((connection) => connection.variables)),
    ...settings.variables,
  };
  return Object.entries(variables)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([Name, Value]) => ({ Name, Value }));
}

/** The secrets that are injected, by variable, in the order of variables. */
function secretsOf({ settings, connections }: ServiceContext): Record<string, SecretValue> {
  const own = settings.secrets.map((secret) => [
    variableOf(secret),
    { secretArn: new Import(secretOutput(secret)), keyArn: new Import(secretsOutputs.keyArn) },
  ]);
  const used = [...connections.values()].flatMap((connection) => Object.entries(connection.secrets ?? {}));
  return Object.fromEntries([...own, ...used].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html */
const injected = ([Name, { secretArn, jsonKey }]: [string, SecretValue]) => ({
  Name,
  ValueFrom: jsonKey === undefined ? secretArn : join("", [secretArn, `:${jsonKey}::`]),
});

/** The role by which ECS starts the container: it pulls the image, reads the secrets, opens the log. */
function addExecutionRole(
  { stack, architecture, settings: { image }, what }: ServiceContext,
  logGroup: Handle<"AWS::Logs::LogGroup">,
  secrets: readonly SecretValue[],
): Handle<"AWS::IAM::Role"> {
  const repository = repositoryArn(architecture, image);
  return stack.add("AWS::IAM::Role", "ExecutionRole", {
    Description: `Lets ECS start ${what}`,
    AssumeRolePolicyDocument: trustTasks,
    Policies: [
      {
        PolicyName: "start-task",
        PolicyDocument: policyOf([
          writeLogs(logGroup.att("Arn")),
          ...(repository ? pullImage(repository) : []),
          ...readSecrets(secrets),
        ]),
      },
    ],
  });
}

const pullImage = (repository: Value): PlainObject[] => [
  // This action can be limited to no resource.
  { Sid: "LogInToRegistry", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
  {
    Sid: "PullImage",
    Effect: "Allow",
    Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    Resource: repository,
  },
];

/** The role the container has; each thing it uses adds to it. */
export const addTaskRole = (stack: Stack, what: string): Handle<"AWS::IAM::Role"> =>
  stack.add("AWS::IAM::Role", "TaskRole", {
    Description: `What ${what} may do`,
    AssumeRolePolicyDocument: trustTasks,
  });
