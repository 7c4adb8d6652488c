/**
 * Where what is generated fails a rule for a good reason. One that is not needed any more fails the test. A new one is
 * for what AWS demands or the spec's author has said; what is only easier that way is not an exception.
 */
import type { Finding } from "./findings.ts";

/** A finding that is let through. */
export interface Exception {
  readonly rule: string;
  /** The template's name, where it is not about all of them; what is the same word for word goes by the first's name. */
  readonly template?: string;
  readonly type: string;
  readonly logicalId?: string;
  readonly at: string;
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [
  {
    rule: "key_policy_names_actions",
    type: "AWS::KMS::Key",
    at: "KeyPolicy.Statement.AccountDecidesByIam.Action",
    reason:
      "AWS's default key policy: it gives nobody anything, but lets the account's IAM decide; without all of it a key could end up out of everybody's reach",
  },
  {
    rule: "service_uses_key_for_this_account",
    type: "AWS::KMS::Key",
    at: "KeyPolicy.Statement.Events",
    reason:
      "EventBridge does not say for whom it publishes to an encrypted topic, and by AWS's word no condition may ask it; it publishes for rules of the topic's own account",
  },
  ...["test/golden/service/alarms: cluster in dev", "test/scenarios/alerts/spec: cluster in dev"].map(
    (template) => ({
      rule: "cluster_is_measured",
      template,
      type: "AWS::ECS::Cluster",
      logicalId: "Cluster",
      at: "",
      reason: "its spec says `insights: disabled`; by default they are on",
    }),
  ),
  {
    rule: "role_has_no_broad_policy",
    type: "AWS::IAM::Role",
    logicalId: "ExecutionRole",
    at: "ManagedPolicyArns.0.Fn::Sub",
    reason:
      "whoever makes roles can do anything, so no narrower policy would hold; only the administration role can be it, and that only for this spec's stack sets (decision 24)",
  },
  ...["Boundary", "BreakGlassBoundary"].flatMap((logicalId) =>
    ["identity_policy_names_actions", "identity_policy_names_resources"].map((rule) => ({
      rule,
      type: "AWS::IAM::ManagedPolicy",
      logicalId,
      at: "PolicyDocument.Statement.EverythingElse.Action",
      reason:
        "a boundary gives nobody anything: this statement leaves to a role what its own policies give, less what the others deny",
    })),
  ),
  ...["AdminRole", "BreakGlassRole"].map((logicalId) => ({
    rule: "role_has_no_broad_policy",
    type: "AWS::IAM::Role",
    logicalId,
    at: "ManagedPolicyArns.0.Fn::Sub",
    reason:
      "the spec makes somebody an administrator; a boundary and, where the organization has them, its policies keep audit, identity and landform's roles out of reach",
  })),
  {
    rule: "service_acts_for_this_account",
    type: "AWS::IAM::Role",
    logicalId: "ShiftRole",
    at: "AssumeRolePolicyDocument.Statement.0",
    reason:
      "AWS describes the roles by which ECS moves requests, and CodeDeploy calls of functions, without a condition, and one that they do not fill would stop every deployment; each can only change the rules and target groups of its service, or the aliases of its function",
  },
  {
    rule: "service_acts_for_this_account",
    type: "AWS::IAM::Role",
    logicalId: "TrailRole",
    at: "AssumeRolePolicyDocument.Statement.0",
    reason:
      "AWS describes the role without a condition, and one that CloudTrail does not fill would stop every trail; nobody can pass the role to a trail of another account, and it can only write to the trail's log group",
  },
  {
    rule: "service_acts_for_this_account",
    type: "AWS::IAM::Role",
    logicalId: "Role",
    at: "AssumeRolePolicyDocument.Statement.0",
    reason:
      "AWS describes the role of chat applications without a condition, and one that they do not fill would keep alerts from the channel; it can read alarms and metrics, and nothing else",
  },
  {
    rule: "container_root_is_read_only",
    template: "test/golden/service/shell: service-worker in dev",
    type: "AWS::ECS::TaskDefinition",
    at: "ContainerDefinitions.worker.ReadonlyRootFilesystem",
    reason:
      "the spec asks for shells in this service's containers, for which ECS writes to their file system",
  },
  ...["SSEAlgorithm", undefined].map((property) => ({
    rule: "bucket_encrypted_with_key",
    type: "AWS::S3::Bucket",
    logicalId: "AccessLogsBucket",
    at: `BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault${property ? `.${property}` : ""}`,
    reason: "load balancers write their access logs to no bucket with another key than S3's own",
  })),
  ...["SSEAlgorithm", undefined].map((property) => ({
    rule: "bucket_encrypted_with_key",
    type: "AWS::S3::Bucket",
    logicalId: "RequestsBucket",
    at: `BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault${property ? `.${property}` : ""}`,
    reason: "S3 logs requests for a bucket to no other bucket with another key than its own",
  })),
  ...[0, 1].map((index) => ({
    rule: "security_group_is_closed",
    type: "AWS::EC2::SecurityGroup",
    logicalId: "PublicSecurityGroup",
    at: `SecurityGroupIngress.${index}.CidrIp`,
    reason: "it is the public load balancer's, which is there for the internet; on 80 it only redirects",
  })),
  {
    rule: "security_group_is_closed",
    type: "AWS::EC2::SecurityGroup",
    logicalId: "ServerSecurityGroup",
    at: "SecurityGroupIngress.0.CidrIp",
    reason:
      "it is the VPN's, which people reach from anywhere; on this port OpenVPN answers nobody without a key of the VPN's own",
  },
  {
    rule: "launch_template_gives_no_public_address",
    type: "AWS::EC2::LaunchTemplate",
    logicalId: "ServerLaunchTemplate",
    at: "LaunchTemplateData.NetworkInterfaces.0.AssociatePublicIpAddress",
    reason:
      "it is the VPN's, in a public subnet; until it has taken the VPN's address it needs one to get at packages and AWS",
  },
  ...["AdaProfile", "GraceProfile"].flatMap((logicalId) =>
    ["DeletionPolicy", "UpdateReplacePolicy"].map((at) => ({
      rule: "stateful_is_kept",
      type: "AWS::SecretsManager::Secret",
      logicalId,
      at,
      reason: "the profile goes with its user; its certificate is revoked, and who comes back gets another",
    })),
  ),
  {
    rule: "service_acts_for_this_account",
    type: "AWS::IAM::Role",
    logicalId: "InstanceRole",
    at: "AssumeRolePolicyDocument.Statement.0",
    reason:
      "EC2 gives a role only to instances of the role's own account, since `iam:PassRole` knows no other, and is not known to say for which account it takes it; by such a condition instances could be left without credentials",
  },
  {
    rule: "load_balancer_is_protected",
    template: "test/golden/load-balancer-public/two-environments: load-balancer-public in dev",
    type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
    at: "",
    reason: "its spec says `deletion-protection: false`; by default it is on",
  },
  ...[
    "test/golden/network/closed: network in dev",
    "test/golden/network/endpoints: network in dev",
    "test/golden/network/endpoints: network in prod",
    "test/golden/network/grown: network in prod",
    "test/golden/network/restricted: network in prod",
    "test/golden/network/single-nat: network in dev",
    "test/scenarios/many-shapes/spec: network in sandbox",
    "test/scenarios/two-regions/spec: network in edge",
  ].map((template) => ({
    rule: "vpc_has_flow_log",
    template,
    type: "",
    at: "",
    reason: "its spec says `flow-logs: false`; by default they are on",
  })),
  ...[
    "test/golden/distribution/widened: distribution-www in dev",
    "test/golden/edge/same-region: distribution-www in dev",
    "test/golden/edge/two-environments: distribution-www in dev",
  ].map((template) => ({
    rule: "distribution_has_web_acl",
    template,
    type: "AWS::CloudFront::Distribution",
    at: "DistributionConfig",
    reason: "its spec says `web-acl: false`; by default there is one",
  })),
  ...["specs/acme: store-main in dev", "test/golden/store/postgres-by-environment: store-main in dev"].map(
    (template) => ({
      rule: "database_has_backups",
      template,
      type: "AWS::RDS::DBInstance",
      at: "BackupRetentionPeriod",
      reason: "its spec says `backup-days: 3` for dev; by default there are 14",
    }),
  ),
  {
    rule: "database_is_protected",
    template: "test/golden/store/postgres-by-environment: store-main in dev",
    type: "AWS::RDS::DBInstance",
    at: "DeletionProtection",
    reason: "its spec says `deletion-protection: false` for dev; by default it is on",
  },
  ...[
    "test/golden/function/queue: function-template in dev",
    "test/scenarios/functions/spec: function-undertaker in prod.eu-west-1",
    "test/scenarios/functions/spec: function-undertaker in prod.us-east-1",
  ].map((template) => ({
    rule: "function_is_traced",
    template,
    type: "AWS::Lambda::Function",
    at: "TracingConfig.Mode",
    reason: "its spec says `tracing: false`; by default it is on",
  })),
  ...["Replica1Postgresql", "Replica1Upgrade", "Replica2Postgresql", "Replica2Upgrade"].flatMap((log) =>
    ["DeletionPolicy", "UpdateReplacePolicy"].map((at) => ({
      rule: "stateful_is_kept",
      type: "AWS::Logs::LogGroup",
      logicalId: `${log}LogGroup`,
      at,
      reason:
        "the logs of a replica go with it: its name is fixed, and kept groups would be in the way when it comes back; those of the database stay",
    })),
  ),
];

export const isAbout = (exception: Exception, template: string, finding: Finding): boolean =>
  exception.rule === finding.rule &&
  exception.type === finding.type &&
  exception.at === finding.at &&
  (exception.logicalId ?? finding.logicalId) === finding.logicalId &&
  (exception.template ?? template) === template;
