/** The edge: what the sites of an environment share in the one Region where CloudFront wants it. */

import { domainOf } from "../../architecture.ts";
import {
  keyPolicy,
  logDeliveryEncrypts,
  logDeliveryWrites,
  logGroupsEncrypt,
  nobodyDeletes,
  privateBucket,
  tlsOnly,
} from "../../cfn/security.ts";
import { Import, type Reference } from "../../cfn/values.ts";
import type { Component } from "../../component.ts";
import { type ConcreteStack, type Handle, part, Stack } from "../../stack.ts";
import { addAlarms } from "../alerts/alarms.ts";
import { domainsOutputs } from "../domains/index.ts";
import { observeCertificate } from "../domains/observe.ts";
import { addWebAcl } from "../web-acl.ts";
import { EDGE, edgeOutputs } from "./outputs.ts";
import { EDGE_REGION, settingsOf, sitesIn, sitesPath } from "./settings.ts";

/** Days that versions of logs are kept which are no longer current: nobody overwrites a log by mistake. */
const NONCURRENT_DAYS = 7;

export const edge: Component = {
  observe({ placement }, architecture) {
    if (sitesIn(architecture, placement).length === 0) return [];
    const certificate = new Import(edgeOutputs.certificateArn);
    return [observeCertificate(EDGE, "the certificate of the sites", certificate, EDGE_REGION)];
  },
  build(context) {
    const { name, architecture, placement } = context;
    const domain = domainOf(architecture.spec, placement.environment);
    const sites = sitesIn(architecture, placement).map((site) => settingsOf(architecture, site, placement));
    if (sites.length === 0 || domain === undefined) return [];
    const stack = new Stack(name, EDGE, "What the sites of an environment share", sitesPath);
    const retentionDays = Math.max(...sites.map((site) => site["retention-days"]));
    const key = addKey(stack, name);
    addCertificate(stack, domain);
    addAccessLogs(stack, name, key.att("Arn"), retentionDays);
    const isWanted = part(
      "WebAcl",
      sites.some((site) => site["web-acl"]),
    );
    const webAcl = addWebAcl(stack, {
      scope: "CLOUDFRONT",
      description: "Before the sites of an environment",
      title: "edge",
      metric: `${name}-edge-web-acl`,
      logGroup: `${name}-edge`,
      queries: `${name}/${EDGE}`,
      retentionDays,
      key: key.att("Arn"),
      part: isWanted,
    });
    stack.publish(edgeOutputs.webAclArn, webAcl.att("Arn"), { part: isWanted });
    addAlarms(context, stack);
    return [atEdge(stack, placement.account)];
  },
};

/** The finished stack, in the Region where CloudFront wants it. */
export const atEdge = (
  stack: Stack,
  account: { readonly name: string; readonly id: string },
): ConcreteStack => stack.build({ account, region: EDGE_REGION });

function addKey(stack: Stack, name: string): Handle<"AWS::KMS::Key"> {
  const key = stack.add(
    "AWS::KMS::Key",
    "LogsKey",
    {
      Description: "Encrypts logs of CloudFront and of the web ACL before it",
      EnableKeyRotation: true,
      KeyPolicy: keyPolicy(logGroupsEncrypt, logDeliveryEncrypts),
      Tags: [{ Key: "Name", Value: `${name}-edge-logs` }],
    },
    { retain: true },
  );
  stack.add("AWS::KMS::Alias", "LogsKeyAlias", {
    AliasName: `alias/${name}/edge-logs`,
    TargetKeyId: key.ref,
  });
  return key;
}

/**
 * No zone is named, whose id is not known in this Region: the record that proves the domain is that of the certificate in
 * the environment's own Region, since it is the same in every Region: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
function addCertificate(stack: Stack, domain: string): void {
  stack.after(domainsOutputs.certificateArn.stackSet);
  const certificate = stack.add("AWS::CertificateManager::Certificate", "Certificate", {
    DomainName: domain,
    SubjectAlternativeNames: [`*.${domain}`],
    ValidationMethod: "DNS",
    Tags: [{ Key: "Name", Value: domain }],
  });
  stack.publish(edgeOutputs.certificateArn, certificate.ref);
}

/** A bucket for access logs, and the destination that distributions have them delivered to. */
function addAccessLogs(stack: Stack, name: string, key: Reference, retentionDays: number): void {
  const bucket = stack.add(
    "AWS::S3::Bucket",
    "AccessLogsBucket",
    privateBucket(key, NONCURRENT_DAYS, retentionDays),
    { retain: true },
  );
  const arn = bucket.att("Arn");
  const policy = stack.add(
    "AWS::S3::BucketPolicy",
    "AccessLogsBucketPolicy",
    {
      Bucket: bucket.ref,
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [logDeliveryWrites(arn), nobodyDeletes(arn), tlsOnly(arn)],
      },
    },
    { retain: true },
  );
  const destination = stack.add(
    "AWS::Logs::DeliveryDestination",
    "AccessLogs",
    {
      Name: `${name}-edge-access-logs`,
      DestinationResourceArn: arn,
      OutputFormat: "json",
      Tags: [{ Key: "Name", Value: "access-logs" }],
    },
    // Where the policy is not there yet, the delivery would write one of its own.
    { dependsOn: [policy] },
  );
  stack.publish(edgeOutputs.accessLogsArn, destination.att("Arn"));
}
