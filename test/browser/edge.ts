/** An edge location of CloudFront that does what a template of a distribution says, with a folder in place of the bucket. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { servedAs } from "../../publish/files.ts";
import { type Verdict, type ViewerRequest, viewerRequestFunction } from "../support/viewer-request.ts";

/** A distribution's template as one environment gets it, as far as the edge reads it. */
export interface EdgeTemplate {
  readonly Resources: {
    readonly ViewerRequest: { readonly Properties: { readonly FunctionCode: SubWithVariables } };
    readonly ResponseHeaders: {
      readonly Properties: {
        readonly ResponseHeadersPolicyConfig: { readonly SecurityHeadersConfig: SecurityHeaders };
      };
    };
    readonly Distribution: { readonly Properties: { readonly DistributionConfig: Distribution } };
  };
}

interface SubWithVariables {
  readonly "Fn::Sub": readonly [string, Readonly<Record<string, string>>];
}

interface Distribution {
  readonly Aliases: readonly string[];
  readonly CustomErrorResponses: readonly {
    readonly ErrorCode: number;
    readonly ResponseCode: number;
    readonly ResponsePagePath: string;
  }[];
  readonly DefaultCacheBehavior: {
    readonly AllowedMethods: readonly string[];
    readonly Compress: boolean;
    readonly ViewerProtocolPolicy: string;
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-responseheaderspolicy-securityheadersconfig.html */
interface SecurityHeaders {
  readonly ContentSecurityPolicy: { readonly ContentSecurityPolicy: string };
  readonly ContentTypeOptions?: object;
  readonly FrameOptions?: { readonly FrameOption: string };
  readonly ReferrerPolicy: { readonly ReferrerPolicy: string };
  readonly StrictTransportSecurity: {
    readonly AccessControlMaxAgeSec: number;
    readonly IncludeSubdomains: boolean;
    readonly Preload: boolean;
  };
}

export interface Edge {
  /** Where it speaks HTTPS, and where plain HTTP. */
  readonly ports: { readonly secure: number; readonly plain: number };
  /** The addresses that were asked for, in order. */
  readonly asked: readonly string[];
  stop(): void;
}

/** Any host but a site's own, by which its distribution is reached too. */
export const OWN_NAME = "d111111abcdef8.cloudfront.net";

export async function startEdge(
  template: EdgeTemplate,
  folder: string,
  certificate: { readonly key: string; readonly cert: string },
): Promise<Edge> {
  const config = template.Resources.Distribution.Properties.DistributionConfig;
  const run = viewerRequestFunction(codeOf(template));
  const security = headersOf(
    template.Resources.ResponseHeaders.Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig,
  );
  const asked: string[] = [];
  const plain = createServer((request, response) => {
    const address = `${request.headers.host}${request.url}`;
    asked.push(`http://${address}`);
    if (config.DefaultCacheBehavior.ViewerProtocolPolicy !== "redirect-to-https")
      return response.writeHead(403).end();
    response.writeHead(301, { location: `https://${address}` }).end();
  });
  const secure = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
    const viewer = viewerOf(request);
    asked.push(`https://${viewer.host}${request.url}`);
    const isKnown = config.Aliases.includes(viewer.host) || viewer.host === OWN_NAME;
    const isAllowed = config.DefaultCacheBehavior.AllowedMethods.includes(request.method);
    const { status, headers, body } =
      isKnown && isAllowed
        ? answerTo(run(viewer), config, folder, request.headers["accept-encoding"])
        : { status: 403, headers: {}, body: Buffer.from("CloudFront") };
    response.writeHead(status, { ...security, ...headers });
    response.end(body);
  });
  const ports = { secure: await listen(secure), plain: await listen(plain) };
  return {
    ports,
    asked,
    stop() {
      secure.close();
      plain.close();
      plain.closeAllConnections();
    },
  };
}

function codeOf({ Resources }: EdgeTemplate): string {
  const [text, variables] = Resources.ViewerRequest.Properties.FunctionCode["Fn::Sub"];
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => variables[name] ?? "");
}

function viewerOf({ url, authority, headers }: Http2ServerRequest): ViewerRequest {
  const [uri = "", query] = url.split(/\?(.*)/s);
  return { host: (authority || headers.host) ?? "", uri, query };
}

/** The headers as CloudFront writes them. */
function headersOf(policy: SecurityHeaders): Record<string, string> {
  const { AccessControlMaxAgeSec, IncludeSubdomains, Preload } = policy.StrictTransportSecurity;
  return {
    "content-security-policy": policy.ContentSecurityPolicy.ContentSecurityPolicy,
    "referrer-policy": policy.ReferrerPolicy.ReferrerPolicy,
    "strict-transport-security": [
      `max-age=${AccessControlMaxAgeSec}`,
      ...(IncludeSubdomains ? ["includeSubDomains"] : []),
      ...(Preload ? ["preload"] : []),
    ].join("; "),
    ...(policy.ContentTypeOptions && { "x-content-type-options": "nosniff" }),
    ...(policy.FrameOptions && { "x-frame-options": policy.FrameOptions.FrameOption }),
  };
}

/** What a viewer gets. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

function answerTo(
  verdict: Verdict,
  { CustomErrorResponses, DefaultCacheBehavior }: Distribution,
  folder: string,
  accepted: string | string[] | undefined,
): Answer {
  if ("statusCode" in verdict) {
    const own = Object.entries(verdict.headers).map(([name, { value }]) => [name, value]);
    return { status: verdict.statusCode, headers: Object.fromEntries(own), body: Buffer.alloc(0) };
  }
  const found = read(folder, verdict.uri);
  const page = CustomErrorResponses.find(({ ErrorCode }) => ErrorCode === 404);
  const file = found ?? (page && read(folder, page.ResponsePagePath));
  if (!file) return { status: 404, headers: {}, body: Buffer.from("<Error><Code>NoSuchKey</Code></Error>") };
  const isCompressed = DefaultCacheBehavior.Compress && String(accepted).includes("br");
  return {
    status: found ? 200 : (page?.ResponseCode ?? 404),
    headers: {
      "content-type": file.contentType,
      "cache-control": file.cacheControl,
      ...(isCompressed && { "content-encoding": "br" }),
    },
    body: isCompressed ? brotliCompressSync(file.content) : file.content,
  };
}

function read(folder: string, uri: string) {
  const path = decodeURIComponent(uri.slice(1));
  try {
    return { content: readFileSync(join(folder, path)), ...servedAs(path) };
  } catch {
    return undefined;
  }
}

async function listen(server: Server | Http2SecureServer): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
