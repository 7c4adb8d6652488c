/** What a site tells browsers: where they go on to, and what they may do. */
import { describe, expect, test } from "vitest";
import { contentSecurityPolicy } from "../../compiler/components/sites/headers.ts";
import viewerRequest from "../../compiler/components/sites/viewer-request.js?raw";
import { viewerRequestFunction } from "../support/viewer-request.ts";

const HOST = "www.acme.example";
const codeFor = (isApplication: boolean) =>
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what Fn::Sub replaces
  viewerRequest.replace("${Host}", HOST).replace("${IsApplication}", String(isApplication));

describe.each([true, false])("a request, to an application: %s", (isApplication) => {
  const run = viewerRequestFunction(codeFor(isApplication));

  test.each(["/app.3f9c2a1b.js", "/a/b.css", "/about.html", "/.well-known/acme-challenge/x", "/..."])(
    "%s is a file",
    (uri) => {
      expect(run({ host: HOST, uri })).toMatchObject({ uri });
    },
  );

  test("a plus sign stays one, which S3 would take for a space", () => {
    expect(run({ host: HOST, uri: "/c++/a+b%20c.png" })).toMatchObject({ uri: "/c%2B%2B/a%2Bb%20c.png" });
  });

  test("/ is the first page", () => {
    expect(run({ host: HOST, uri: "/" })).toMatchObject({ uri: "/index.html" });
  });

  test("on another host it is sent on, with its path and query", () => {
    const verdict = run({ host: "acme.example", uri: "/a/b", query: "c=d%20e&f" });
    expect(verdict).toMatchObject({
      statusCode: 301,
      headers: { location: { value: `https://${HOST}/a/b?c=d%20e&f` } },
    });
  });

  test.each([undefined, ""])("without a query it gets none (%s)", (query) => {
    const verdict = run({ host: "d111111abcdef8.cloudfront.net", uri: "/", query });
    expect(verdict).toMatchObject({ headers: { location: { value: `https://${HOST}/` } } });
  });

  test("a path that looks like a host is no host", () => {
    const verdict = run({ host: "acme.example", uri: "//evil.example/a" });
    expect(verdict).toMatchObject({ headers: { location: { value: `https://${HOST}//evil.example/a` } } });
  });
});

describe("a path without a dot", () => {
  test.each(["/settings", "/settings/", "/a/b/c"])("%s is the application's", (uri) => {
    expect(viewerRequestFunction(codeFor(true))({ host: HOST, uri })).toMatchObject({ uri: "/index.html" });
  });

  test("is a folder, which has a page", () => {
    const run = viewerRequestFunction(codeFor(false));
    expect(run({ host: HOST, uri: "/docs/" })).toMatchObject({ uri: "/docs/index.html" });
    expect(run({ host: HOST, uri: "/c++/" })).toMatchObject({ uri: "/c%2B%2B/index.html" });
    expect(run({ host: HOST, uri: "/docs", query: "a" })).toMatchObject({
      headers: { location: { value: `https://${HOST}/docs/?a` } },
    });
  });
});

test("the function is as small as CloudFront wants it", () => {
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
  expect(Buffer.byteLength(viewerRequest)).toBeLessThan(10 * 1024);
});

describe("the content security policy", () => {
  const directives = (csp: Record<string, readonly string[]>) => contentSecurityPolicy(csp).split("; ");

  test("allows the site alone", () => {
    expect(contentSecurityPolicy({})).toBe(
      "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; upgrade-insecure-requests",
    );
  });

  test("is widened beside the site itself", () => {
    const policy = directives({
      "connect-src": ["https://api.acme.example"],
      "img-src": ["data:", "'self'"],
    });
    expect(policy).toContain("connect-src 'self' https://api.acme.example");
    expect(policy).toContain("img-src 'self' data:");
    expect(policy).toContain("default-src 'self'");
  });

  test("is widened from nothing where nothing is allowed", () => {
    const policy = directives({ "frame-ancestors": ["https://partner.example"], "object-src": [] });
    expect(policy).toContain("frame-ancestors https://partner.example");
    expect(policy).toContain("object-src 'none'");
  });
});
