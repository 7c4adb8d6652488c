/**
 * What public packs ask for and `specs/acme.yaml` does not get, and why. One that is not needed any more fails the test.
 * The README's table is made of it.
 */

/** Rules that some resources fail. */
export interface Omission {
  /** What the rules ask for. */
  readonly asked: string;
  readonly reason: string;
  /** As their pack calls them: `CT.…` Control Tower, `CKV…` Checkov, `IN_CAPITALS` the registry. */
  readonly rules: readonly string[];
  /** Empty where a rule blames no resource. */
  readonly types: readonly string[];
  /** The resources that it is about, where it is not all of these types. */
  readonly only?: readonly string[];
}

const BUCKET = ["AWS::S3::Bucket"];
const DATABASE = ["AWS::RDS::DBInstance"];
const REPLICAS = ["Replica1", "Replica2"];
const ROLE = "AWS::IAM::Role";
const MANAGED_POLICY = "AWS::IAM::ManagedPolicy";
const SECURITY_GROUP = "AWS::EC2::SecurityGroup";
const LAUNCH_TEMPLATE = ["AWS::EC2::LaunchTemplate"];
const DISTRIBUTION = ["AWS::CloudFront::Distribution"];

export const omissions: readonly Omission[] = [
  ...storage(),
  ...databases(),
  ...identity(),
  ...networks(),
  ...computing(),
  ...watching(),
];

function storage(): Omission[] {
  return [
    {
      asked: "server access logs of each bucket",
      reason:
        "only the archives' are logged; others cost a second bucket in each account and Region, and what changes who may read them is in the trail",
      rules: ["CT.S3.PR.2", "S3_BUCKET_LOGGING_ENABLED", "CKV_AWS_18"],
      types: BUCKET,
      only: ["AccessLogsBucket", "ArtifactsBucket", "Bucket", "RequestsBucket", "StoreBucket"],
    },
    {
      asked: "a key of one's own for each bucket",
      reason: "load balancers and S3 write their logs to no bucket with another key than S3's own",
      rules: ["CT.S3.PR.10"],
      types: BUCKET,
      only: ["AccessLogsBucket", "RequestsBucket"],
    },
    {
      asked: "object lock of each bucket",
      reason:
        "the archive of trails has it; Config, S3 and load balancers write to no bucket that locks what it gets, so there a policy keeps everybody from deleting, or versions do. Data of services that nobody can delete is for them to decide",
      rules: ["CT.S3.PR.9", "S3_BUCKET_DEFAULT_LOCK_ENABLED"],
      types: BUCKET,
      only: [
        "AccessLogsBucket",
        "ArtifactsBucket",
        "Bucket",
        "ConfigurationBucket",
        "RequestsBucket",
        "StoreBucket",
      ],
    },
    {
      asked: "events and replication of each bucket",
      reason: "for what nothing listens to, and for a second Region, which the spec has not",
      rules: ["CT.S3.PR.4", "S3_BUCKET_REPLICATION_ENABLED"],
      types: BUCKET,
    },
    {
      asked: "an ACL that is not public",
      reason: "misread: buckets have no ACL at all, their owner is enforced; the rule wants to read one",
      rules: ["S3_BUCKET_NO_PUBLIC_RW_ACL"],
      types: BUCKET,
    },
    {
      asked: "a bucket policy that denies requests without TLS",
      reason:
        "misread: each has that statement, and passes CT.S3.PR.8; this rule wants `false` where IAM's conditions are texts",
      rules: ["S3_BUCKET_SSL_REQUESTS_ONLY"],
      types: [""],
    },
    {
      asked: "dead letters of each queue, and a key of one's own",
      reason: "a queue of dead letters has none itself; it is encrypted, with SQS's own key",
      rules: ["CT.SQS.PR.1", "CKV_AWS_27"],
      types: ["AWS::SQS::Queue"],
      only: ["DeadLetters"],
    },
  ];
}

function databases(): Omission[] {
  return [
    {
      asked: "enhanced monitoring of databases",
      reason:
        "it costs by instance and logs to a group that RDS makes for the whole account, beyond keys and retention of ours; Performance Insights says what a database is busy with",
      rules: ["CT.RDS.PR.2", "RDS_ENHANCED_MONITORING_ENABLED", "CKV_AWS_118"],
      types: DATABASE,
    },
    {
      asked: "a standby in another zone",
      reason: "the spec's `multi-az`: on in stage and prod, off in dev; a replica is a second copy already",
      rules: ["CT.RDS.PR.20", "RDS_MULTI_AZ_SUPPORT", "CKV_AWS_157"],
      types: DATABASE,
    },
    {
      asked: "seven days of backups",
      reason: "the spec says `backup-days: 3` for dev; by default there are 14",
      rules: ["CT.RDS.PR.8"],
      types: DATABASE,
    },
    {
      asked: "encryption, backups and protection of replicas",
      reason:
        "a replica has its source's encryption and takes no other; it holds nothing that the source has not, which has backups and is protected, and goes when the spec wants fewer",
      rules: [
        "RDS_STORAGE_ENCRYPTED",
        "CKV_AWS_16",
        "DB_INSTANCE_BACKUP_ENABLED",
        "RDS_INSTANCE_DELETION_PROTECTION_ENABLED",
      ],
      types: DATABASE,
      only: REPLICAS,
    },
    {
      asked: "another port than the usual one",
      reason: "it hides from nobody who can scan; who reaches a database is decided by security groups",
      rules: ["CT.RDS.PR.1"],
      types: DATABASE,
    },
    {
      asked: "user name and password from a secret parameter",
      reason:
        "misread: RDS or Secrets Manager makes the password, and no template knows it; the administrator's name is no secret",
      rules: [
        "RDS_MASTER_USER_NAME_USES_SECURE_PARAMETER",
        "RDS_MASTER_USER_NAME_USES_SECURE_SERVICE",
        "RDS_MASTER_USER_PASSWORD_USES_SECURE_PARAMETER",
        "RDS_MASTER_USER_PASSWORD_USES_SECURE_SERVICE",
      ],
      types: DATABASE,
    },
    {
      asked: "both of these two at once",
      reason: "the rules before fail",
      rules: ["RDS_MASTER_USER_NAME_NO_PLAINTEXT_PASSWORD", "RDS_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD"],
      types: [""],
    },
  ];
}

function identity(): Omission[] {
  return [
    {
      asked: "a managed policy that does not allow everything",
      reason:
        "misread: a permissions boundary gives nobody anything; its statement leaves to a role what its own policies give, less what the others deny",
      rules: [
        "CT.IAM.PR.2",
        "CT.IAM.PR.3",
        "IAM_MANAGEDPOLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
        "CKV_AWS_107",
        "CKV_AWS_108",
        "CKV_AWS_109",
        "CKV_AWS_110",
        "CKV_AWS_111",
      ],
      types: [MANAGED_POLICY],
      only: ["Boundary"],
    },
    {
      asked: "no administrator",
      reason:
        "the role by which stack sets make everything, also roles, and the one that the spec makes somebody an administrator by; a boundary and the organization's policies keep the audit out of its reach",
      rules: ["IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE"],
      types: [ROLE],
      only: ["AdminRole", "ExecutionRole"],
    },
    {
      asked: "no policy within a role or group",
      reason: "a policy that is for one role only lives and goes with it, and can't be given to another",
      rules: ["IAM_NO_INLINE_POLICY_CHECK"],
      types: [ROLE, "AWS::IAM::Group"],
    },
    {
      asked: "no `*` as resource",
      reason:
        "only in what denies, and for actions that AWS limits to no resource, each named in `test/rules/least-privilege.guard`; boundaries, see above",
      rules: ["IAM_POLICYDOCUMENT_NO_WILDCARD_RESOURCE"],
      types: [ROLE, MANAGED_POLICY],
    },
    {
      asked: "a new password at first login",
      reason: "misread: no user gets a password from a template",
      rules: ["IAM_USER_LOGIN_PROFILE_PASSWORD_RESET_RULE", "IAM_USER_LOGIN_PROFILE_USES_SECURE_PARAMETER"],
      types: ["AWS::IAM::User"],
    },
    {
      asked: "keys that deny grants but for AWS's services",
      reason:
        "no policy but the administrators' gives anybody grants; which services say that a grant is theirs can't be tried without AWS, and one that does not would be without its key",
      rules: ["CT.KMS.PR.3"],
      types: ["AWS::KMS::Key"],
    },
  ];
}

function networks(): Omission[] {
  return [
    {
      asked: "no way in from everywhere",
      reason:
        "the public load balancer and the VPN are there for the internet: 443, 80 which only redirects, and 1194",
      rules: ["CT.EC2.PR.3", "EC2_SECURITY_GROUP_INGRESS_OPEN_TO_WORLD_RULE", "CKV_AWS_260"],
      types: [SECURITY_GROUP],
      only: ["PublicSecurityGroup", "ServerSecurityGroup"],
    },
    {
      asked: "ways in from one address only",
      reason: "the same two; and the internal load balancer, which the VPN's network may reach",
      rules: ["SECURITY_GROUP_INGRESS_CIDR_NON_32_RULE"],
      types: [SECURITY_GROUP, "AWS::EC2::SecurityGroupIngress"],
      only: ["InternalLoadBalancerIngress", "PublicSecurityGroup", "ServerSecurityGroup"],
    },
    {
      asked: "no way out to everywhere",
      reason:
        "AWS's interfaces and what services call have no fixed addresses; instances, tasks and functions get out on 443, the VPN on 80 too",
      rules: ["EC2_SECURITY_GROUP_EGRESS_OPEN_TO_WORLD_RULE"],
      types: [SECURITY_GROUP],
      only: ["InstanceSecurityGroup", "SecurityGroup", "ServerSecurityGroup"],
    },
    {
      asked: "a protocol for each way out",
      reason:
        "the VPN passes on whatever its clients say to the subnets they may reach; there, security groups decide",
      rules: ["SECURITY_GROUP_EGRESS_ALL_PROTOCOLS_RULE"],
      types: [SECURITY_GROUP],
      only: ["ServerSecurityGroup"],
    },
    {
      asked: "one port for each rule",
      reason: "memcached without servers needs two, 11211 and 11212",
      rules: ["SECURITY_GROUP_EGRESS_PORT_RANGE_RULE", "SECURITY_GROUP_INGRESS_PORT_RANGE_RULE"],
      types: ["AWS::EC2::SecurityGroupEgress", "AWS::EC2::SecurityGroupIngress"],
      only: ["UsesSessionsEgress", "UsesSessionsIngress"],
    },
    {
      asked: "no route from everywhere to an internet gateway",
      reason: "it is what makes a subnet public; only load balancers, NAT gateways and the VPN are in one",
      rules: ["NO_UNRESTRICTED_ROUTE_TO_IGW"],
      types: ["AWS::EC2::Route"],
    },
    {
      asked: "no attachment that a transit gateway accepts by itself",
      reason:
        "it is shared with the spec's own accounts alone, and an acceptance by hand would stop every deployment; an attachment gets no route by itself",
      rules: ["CT.EC2.PR.6"],
      types: ["AWS::EC2::TransitGateway"],
    },
    {
      asked: "a certificate of ACM's",
      reason: "misread: it is one, of the stack set `certificate`, whose ARN comes from Parameter Store",
      rules: ["CT.ELASTICLOADBALANCING.PR.2"],
      types: ["AWS::ElasticLoadBalancingV2::Listener"],
    },
    {
      asked: "a certificate without wildcards",
      reason:
        "an environment has one for its domain and the names below it, so that a new service needs no other; ACM keeps the key",
      rules: ["CKV2_AWS_71"],
      types: ["AWS::CertificateManager::Certificate"],
    },
  ];
}

function computing(): Omission[] {
  return [
    {
      asked: "no public address",
      reason: "the VPN's server is in a public subnet, and needs one until it has taken the VPN's",
      rules: ["CT.EC2.PR.9", "CKV_AWS_88"],
      types: LAUNCH_TEMPLATE,
      only: ["ServerLaunchTemplate"],
    },
    {
      asked: "detailed monitoring of instances",
      reason: "it costs by instance, and nothing would read it: no alarm, and capacity follows tasks",
      rules: ["CT.EC2.PR.10"],
      types: LAUNCH_TEMPLATE,
    },
    {
      asked: "instances of several types, in several zones",
      reason:
        "a cluster has the one type that the spec says, a VPN one server; misread: both are in the subnets of every zone, the rule wants names of zones",
      rules: ["CT.AUTOSCALING.PR.1", "CT.AUTOSCALING.PR.6"],
      types: ["AWS::AutoScaling::AutoScalingGroup"],
    },
    {
      asked: "Container Insights",
      reason: "misread: it is on, `enhanced`, which is more than `enabled`",
      rules: ["CT.ECS.PR.2"],
      types: ["AWS::ECS::Cluster"],
    },
    {
      asked: "another user than root, and a limit of memory, for each container",
      reason:
        "the user is the spec's (`user`) or the image's: to say another breaks images. All capabilities are dropped, and the file system can't be written to. Memory is limited for the task as a whole",
      rules: ["CT.ECS.PR.3", "CT.ECS.PR.7"],
      types: ["AWS::ECS::TaskDefinition"],
    },
    {
      asked: "functions in a VPC, with a limit of their own",
      reason:
        "those that use something there are in it, others would only lose their way out; the limit is the spec's `concurrency`",
      rules: ["CT.LAMBDA.PR.3", "CKV_AWS_117", "CKV_AWS_115"],
      types: ["AWS::Lambda::Function"],
    },
    {
      asked: "access logs of distributions",
      reason:
        "misread: they are CloudFront's newer ones (`AWS::Logs::Delivery`), which need no bucket with ACLs",
      rules: ["CT.CLOUDFRONT.PR.5", "CKV_AWS_86"],
      types: DISTRIBUTION,
    },
    {
      asked: "a second origin of distributions",
      reason: "a site is in one bucket in one Region; a copy elsewhere would have to be published to as well",
      rules: ["CT.CLOUDFRONT.PR.4"],
      types: DISTRIBUTION,
    },
  ];
}

function watching(): Omission[] {
  return [
    {
      asked: "logs kept for a year",
      reason:
        "what proves something is, the trail and sessions; the rest is the spec's to say (`log-retention-days`), by default 90 days, since requests are personal data",
      rules: ["CT.CLOUDWATCH.PR.2"],
      types: ["AWS::Logs::LogGroup"],
    },
    {
      asked: "an action of each alarm",
      reason: "misread: an outage is told of by the composite alarm over its alarms, once",
      rules: ["CT.CLOUDWATCH.PR.1"],
      types: ["AWS::CloudWatch::Alarm"],
    },
    {
      asked: "GuardDuty's protection of S3",
      reason: "misread: it is on, in `Features`; the rule reads `DataSources`, which AWS has replaced",
      rules: ["CT.GUARDDUTY.PR.1"],
      types: ["AWS::GuardDuty::Detector"],
    },
  ];
}
