/** Domains: the zone of each environment that has one, its delegation from the zone above, and its certificate. */
import { Import, join, type Output } from "../../cfn/values.ts";
import type { Component, Context } from "../../component.ts";
import { type ConcreteStack, part, Stack } from "../../stack.ts";
import { addAlarms } from "../alerts/alarms.ts";
import { checkDomains } from "./check.ts";
import { observeCertificate } from "./observe.ts";
import { type Domain, type DomainsSettings, domainsPath, findDomain } from "./settings.ts";

const ZONE = "zone";
const CERTIFICATE = "certificate";

export const domainsOutputs = {
  zoneId: { stackSet: ZONE, name: "zone-id", type: "String", description: "Id of the public hosted zone" },
  nameServers: {
    stackSet: ZONE,
    name: "name-servers",
    type: "List<String>",
    description: "The name servers that answer for the zone",
    shared: true,
  },
  certificateArn: {
    stackSet: CERTIFICATE,
    name: "certificate-arn",
    type: "String",
    description: "ARN of the certificate for the domain and the names right below it",
  },
} as const satisfies Record<string, Output>;

export const domains: Component<DomainsSettings, undefined> = {
  path: domainsPath,
  check: checkDomains,
  observe({ placement }, architecture) {
    if (!findDomain(architecture, placement)) return [];
    const certificate = new Import(domainsOutputs.certificateArn);
    return [observeCertificate(CERTIFICATE, "the certificate of the domain", certificate)];
  },
  build(context) {
    const domain = findDomain(context.architecture, context.placement);
    if (!domain) return [];
    const from = ["environments", context.placement.environment, "domain"];
    const delegation = domain.parent && buildDelegation(context, domain.name, domain.parent);
    return [
      buildZone(context, domain, from),
      ...(delegation ? [delegation] : []),
      buildCertificate(context, domain, from, delegation),
    ];
  },
};

type DomainsContext = Context<DomainsSettings, undefined>;

/** Whoever may issue certificates: https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html */
const AUTHORITIES = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"];

function buildZone({ name }: DomainsContext, domain: Domain, from: readonly string[]): ConcreteStack {
  const stack = new Stack(name, ZONE, "The public hosted zone of an environment", from);
  const made = part("HostedZone", domain.zoneId === undefined);
  const zone = stack.add(
    "AWS::Route53::HostedZone",
    "HostedZone",
    { Name: domain.name, HostedZoneConfig: { Comment: `Made by the spec ${name}` } },
    { retain: true, part: made },
  );
  stack.add(
    "AWS::Route53::RecordSet",
    "CertificateAuthorities",
    {
      HostedZoneId: zone.ref,
      Name: domain.name,
      Type: "CAA",
      TTL: "3600",
      ResourceRecords: AUTHORITIES.map((authority) => `0 issue "${authority}"`),
    },
    { part: made },
  );
  stack.publish(domainsOutputs.zoneId, domain.zoneId ?? zone.ref);
  stack.publish(domainsOutputs.nameServers, join(",", zone.att("NameServers")), { part: made });
  return stack.build();
}

/** The record by which the zone above says who answers for this domain. It goes where that zone is. */
function buildDelegation(
  { name, placement }: DomainsContext,
  domain: string,
  parent: NonNullable<Domain["parent"]>,
): ConcreteStack {
  const { environment, account, region } = placement;
  const stack = new Stack(
    name,
    `delegation-${environment}`,
    `The delegation of the domain of ${environment} by the zone above it`,
    [...domainsPath, parent.name, "delegates"],
  );
  stack.add("AWS::Route53::RecordSet", "NameServers", {
    HostedZoneId: new Import(domainsOutputs.zoneId),
    Name: domain,
    Type: "NS",
    // Short, so that a zone that is made anew is soon found.
    TTL: "300",
    ResourceRecords: stack.importFrom({ account: account.id, region }, domainsOutputs.nameServers),
  });
  return stack.build({ account: parent.placement.account, region: parent.placement.region });
}

/**
 * ACM writes its proof into the zone and renews by it. The stack waits until the certificate is issued, which it can't
 * be before the domain is delegated. The names below the domain are proved by the domain's own record; an option for
 * them would have the same record written twice, which fails: https://github.com/aws/aws-cdk/pull/9291
 */
function buildCertificate(
  context: DomainsContext,
  { name: domain }: Domain,
  from: readonly string[],
  delegation: ConcreteStack | undefined,
): ConcreteStack {
  const stack = new Stack(context.name, CERTIFICATE, "The certificate of an environment's domain", from);
  if (delegation) stack.after(delegation.stackSet);
  const certificate = stack.add("AWS::CertificateManager::Certificate", "Certificate", {
    DomainName: domain,
    SubjectAlternativeNames: [`*.${domain}`],
    ValidationMethod: "DNS",
    DomainValidationOptions: [{ DomainName: domain, HostedZoneId: new Import(domainsOutputs.zoneId) }],
    Tags: [{ Key: "Name", Value: domain }],
  });
  stack.publish(domainsOutputs.certificateArn, certificate.ref);
  addAlarms(context, stack);
  return stack.build();
}
