/** The distribution of a site: how the world reaches its bucket. */
import type { DistributionConfig } from "cloudform-types/types/cloudFront/distribution.js";
import { accountId, Expression, Import, sub } from "../../cfn/values.ts";
import { type ConcreteStack, type Handle, Stack } from "../../stack.ts";
import { addAlarms } from "../alerts/alarms.ts";
import { addAccessLog } from "./access-log.ts";
import { atEdge } from "./edge.ts";
import { responseHeaders } from "./headers.ts";
import type { SiteContext } from "./index.ts";
import { bucketStackSet, distributionId, distributionStackSet, edgeOutputs } from "./outputs.ts";
import { addPublisher } from "./publisher.ts";
import { addRecords } from "./records.ts";
import { bucketPrefix, FOLDER, hostName, labelsOf, type SiteSettings } from "./settings.ts";
import viewerRequest from "./viewer-request.js?raw";

/** AWS's `CachingOptimized`: as long as `Cache-Control` says, whatever the query: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const CACHE_POLICY = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/** What AWS recommends: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html */
const TLS = "TLSv1.2_2025";

/** Seconds that CloudFront keeps an error before it asks the bucket again. */
const ERROR_SECONDS = 10;

const ORIGIN = "bucket";

export function buildDistribution(context: SiteContext): ConcreteStack {
  const { name, path, site, domain, placement, settings } = context;
  const stack = new Stack(name, distributionStackSet(site), `The distribution of the site ${site}`, path);
  stack.after(bucketStackSet(site));
  const access = stack.add("AWS::CloudFront::OriginAccessControl", "OriginAccessControl", {
    OriginAccessControlConfig: {
      Name: `${name}-${site}`,
      Description: `Reads the bucket of the site ${site}`,
      OriginAccessControlOriginType: "s3",
      SigningBehavior: "always",
      SigningProtocol: "sigv4",
    },
  });
  const headers = stack.add(
    "AWS::CloudFront::ResponseHeadersPolicy",
    "ResponseHeaders",
    responseHeaders(name, site, settings),
  );
  const request = addViewerRequest(stack, context);
  const distribution = stack.add("AWS::CloudFront::Distribution", "Distribution", {
    DistributionConfig: {
      ...configOf(settings),
      Aliases: labelsOf(settings).map((label) => hostName(label, domain)),
      Comment: `The site ${site} of ${name}`,
      DefaultCacheBehavior: {
        TargetOriginId: ORIGIN,
        AllowedMethods: ["GET", "HEAD"],
        CachedMethods: ["GET", "HEAD"],
        CachePolicyId: CACHE_POLICY,
        Compress: true,
        FunctionAssociations: [{ EventType: "viewer-request", FunctionARN: request.att("FunctionARN") }],
        ResponseHeadersPolicyId: headers.ref,
        ViewerProtocolPolicy: "redirect-to-https",
      },
      Origins: [
        {
          Id: ORIGIN,
          DomainName: bucketDomain(context),
          OriginPath: `/${FOLDER}`,
          OriginAccessControlId: access.ref,
          // What an origin access control makes superfluous; CloudFront wants it all the same.
          S3OriginConfig: { OriginAccessIdentity: "" },
        },
      ],
    },
    Tags: [{ Key: "Name", Value: `${name}-${placement.environment}-${site}` }],
  });
  addAccessLog(stack, context, distribution);
  addRecords(stack, context, distribution);
  addPublisher(stack, context, distribution);
  stack.publish(distributionId(site), distribution.ref);
  addAlarms(context, stack);
  return atEdge(stack, placement.account);
}

/** What is the same for every request. */
function configOf(settings: SiteSettings): Omit<DistributionConfig, "DefaultCacheBehavior" | "Origins"> {
  const errors = [
    { status: 403, page: settings.forbidden },
    { status: 404, page: settings["not-found"] },
  ];
  return {
    Enabled: true,
    HttpVersion: "http2and3",
    IPV6Enabled: true,
    DefaultRootObject: "index.html",
    CustomErrorResponses: errors.flatMap(({ status, page }) =>
      page === undefined
        ? []
        : [
            {
              ErrorCode: status,
              ResponseCode: status,
              ResponsePagePath: `/${page}`,
              ErrorCachingMinTTL: ERROR_SECONDS,
            },
          ],
    ),
    ViewerCertificate: {
      AcmCertificateArn: new Import(edgeOutputs.certificateArn),
      MinimumProtocolVersion: TLS,
      SslSupportMethod: "sni-only",
    },
    ...(settings["web-acl"] && { WebACLId: new Import(edgeOutputs.webAclArn) }),
  };
}

function addViewerRequest(
  stack: Stack,
  { name, site, domain, settings }: SiteContext,
): Handle<"AWS::CloudFront::Function"> {
  const variables = { Host: hostName(settings.host, domain), IsApplication: String(settings.spa) };
  return stack.add("AWS::CloudFront::Function", "ViewerRequest", {
    Name: `${name}-${site}`,
    AutoPublish: true,
    FunctionCode: new Expression("Fn::Sub", [viewerRequest, variables]),
    FunctionConfig: { Comment: `Requests to the site ${site}`, Runtime: "cloudfront-js-2.0" },
  });
}

/** The bucket is in the environment's own Region, from which nothing is read here. */
const bucketDomain = ({ name, placement, site }: SiteContext): Expression =>
  sub`${bucketPrefix(name, site)}-${accountId}-${placement.region}.s3.${placement.region}.amazonaws.com`;
