/** One load balancer: its listeners, its security group, its name in the environment's domain. */
import { nowhere } from "../../cfn/security.ts";
import { type Expression, Import } from "../../cfn/values.ts";
import type { Context } from "../../component.ts";
import { pascalCase } from "../../names.ts";
import { type ConcreteStack, type Handle, part, type ResourceOptions, Stack } from "../../stack.ts";
import { addAlarms } from "../alerts/alarms.ts";
import { domainsOutputs } from "../domains/index.ts";
import { internalNameIn } from "../domains/settings.ts";
import { networkOutputs } from "../network/index.ts";
import { addQueryLog } from "./logs.ts";
import { balancerOutputs, logsBucket, stackSetOf } from "./outputs.ts";
import { type Kind, type LoadBalancersSettings, loadBalancersPath } from "./settings.ts";

type Balancer = Handle<"AWS::ElasticLoadBalancingV2::LoadBalancer">;

/** What AWS recommends: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/**
 * @param domain the environment's domain
 * @param hosts the names before it under which it is asked too
 */
export function buildBalancer(
  context: Context<LoadBalancersSettings, undefined>,
  kind: Kind,
  domain: string,
  hosts: readonly string[],
): ConcreteStack {
  const { name, settings } = context;
  const isPublic = kind === "public";
  const stack = new Stack(name, stackSetOf(kind), `The ${kind} load balancer of an environment`, [
    ...loadBalancersPath,
    kind,
  ]);
  const group = addSecurityGroup(stack, isPublic);
  const balancer = stack.add("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancer", {
    Type: "application",
    Scheme: isPublic ? "internet-facing" : "internal",
    Subnets: new Import(isPublic ? networkOutputs.publicSubnetIds : networkOutputs.privateSubnetIds),
    SecurityGroups: [group.att("GroupId")],
    LoadBalancerAttributes: attributesOf(kind, settings),
    Tags: [{ Key: "Name", Value: kind }],
  });
  if (isPublic) addRedirect(stack, balancer);
  const listener = stack.add("AWS::ElasticLoadBalancingV2::Listener", "HttpsListener", {
    LoadBalancerArn: balancer.ref,
    Port: 443,
    Protocol: "HTTPS",
    SslPolicy: SSL_POLICY,
    Certificates: [{ CertificateArn: new Import(domainsOutputs.certificateArn) }],
    DefaultActions: [
      {
        Type: "fixed-response",
        FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain", MessageBody: "Not found" },
      },
    ],
  });
  addAddress(stack, balancer, "Address", isPublic ? domain : internalNameIn(domain));
  for (const host of hosts) {
    const id = `Address${pascalCase(host)}`;
    addAddress(stack, balancer, id, `${host}.${domain}`, { part: part(id, true) });
  }
  addQueryLog(stack, name, kind, settings, balancer);
  const outputs = balancerOutputs(kind);
  stack.publish(outputs.arn, balancer.ref);
  stack.publish(outputs.fullName, balancer.att("LoadBalancerFullName"));
  stack.publish(outputs.listenerArn, listener.ref);
  stack.publish(outputs.securityGroupId, group.att("GroupId"));
  stack.publish(outputs.dnsName, balancer.att("DNSName"));
  stack.publish(outputs.zoneId, balancer.att("CanonicalHostedZoneID"));
  addAlarms(context, stack);
  return stack.build();
}

/** A name that leads to it. No AAAA record: the VPC has no IPv6 addresses. */
function addAddress(
  stack: Stack,
  balancer: Balancer,
  id: string,
  name: string,
  options: Pick<ResourceOptions, "part"> = {},
): void {
  stack.add(
    "AWS::Route53::RecordSet",
    id,
    {
      HostedZoneId: new Import(domainsOutputs.zoneId),
      Name: name,
      Type: "A",
      AliasTarget: {
        DNSName: balancer.att("DNSName"),
        HostedZoneId: balancer.att("CanonicalHostedZoneID"),
        EvaluateTargetHealth: false,
      },
    },
    options,
  );
}

/** The public one is open to all; to the internal one, and from both on, whoever registers adds a rule. */
function addSecurityGroup(stack: Stack, isPublic: boolean): Handle<"AWS::EC2::SecurityGroup"> {
  const fromInternet = (port: number, what: string) => ({
    Description: `${what} from the internet`,
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    CidrIp: "0.0.0.0/0",
  });
  return stack.add("AWS::EC2::SecurityGroup", isPublic ? "PublicSecurityGroup" : "InternalSecurityGroup", {
    GroupDescription: isPublic
      ? "HTTP and HTTPS from the internet to the public load balancer"
      : "HTTPS to the internal load balancer from those who use it",
    VpcId: new Import(networkOutputs.vpcId),
    ...(isPublic && { SecurityGroupIngress: [fromInternet(80, "HTTP"), fromInternet(443, "HTTPS")] }),
    SecurityGroupEgress: nowhere,
    Tags: [{ Key: "Name", Value: isPublic ? "public-load-balancer" : "internal-load-balancer" }],
  });
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-attributes */
function attributesOf(
  kind: Kind,
  settings: LoadBalancersSettings,
): { Key: string; Value: string | Expression }[] {
  return Object.entries({
    "access_logs.s3.enabled": "true",
    "access_logs.s3.bucket": new Import(logsBucket),
    "access_logs.s3.prefix": kind,
    "deletion_protection.enabled": String(settings["deletion-protection"]),
    "idle_timeout.timeout_seconds": String(settings[kind]["idle-timeout"]),
    // `strictest` turns away old but harmless clients, of which there are none inside.
    "routing.http.desync_mitigation_mode": kind === "public" ? "defensive" : "strictest",
    "routing.http.drop_invalid_header_fields.enabled": "true",
  }).map(([Key, Value]) => ({ Key, Value }));
}

function addRedirect(stack: Stack, balancer: Balancer): void {
  stack.add("AWS::ElasticLoadBalancingV2::Listener", "HttpListener", {
    LoadBalancerArn: balancer.ref,
    Port: 80,
    Protocol: "HTTP",
    DefaultActions: [
      { Type: "redirect", RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" } },
    ],
  });
}
