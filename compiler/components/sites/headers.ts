/** The headers that every answer of a site has. */
import type { ResponseHeadersPolicyProperties } from "cloudform-types/types/cloudFront/responseHeadersPolicy.js";
import type { SiteSettings } from "./settings.ts";

/** What a site may do by default, by directive: https://www.w3.org/TR/CSP3/ */
const POLICY: Readonly<Record<string, readonly string[]>> = {
  "default-src": ["'self'"],
  "base-uri": ["'self'"],
  "form-action": ["'self'"],
  "frame-ancestors": [],
  "object-src": [],
};

/** The Content Security Policy, wider by what the site's settings add to it. */
export function contentSecurityPolicy(csp: SiteSettings["csp"]): string {
  const directives = {
    ...POLICY,
    ...Object.fromEntries(Object.keys(csp).map((name) => [name, baseOf(name)])),
  };
  const policy = Object.entries(directives).map(([name, base]) => {
    const sources = [...new Set([...base, ...(csp[name] ?? [])])];
    return [name, ...(sources.length > 0 ? sources : ["'none'"])].join(" ");
  });
  return [...policy, "upgrade-insecure-requests"].join("; ");
}

/** A directive that is absent is as `default-src`; when it is there, the site's own files stay allowed. */
const baseOf = (directive: string): readonly string[] => POLICY[directive] ?? ["'self'"];

/** X-Frame-Options for browsers that know no `frame-ancestors`; others than these two it can't say. */
function frameOption(csp: SiteSettings["csp"]): "DENY" | "SAMEORIGIN" | undefined {
  const ancestors = csp["frame-ancestors"] ?? [];
  if (ancestors.length === 0) return "DENY";
  return ancestors.every((source) => source === "'self'") ? "SAMEORIGIN" : undefined;
}

export function responseHeaders(
  name: string,
  site: string,
  settings: SiteSettings,
): ResponseHeadersPolicyProperties {
  const { csp, hsts, referrer } = settings;
  const frame = frameOption(csp);
  return {
    ResponseHeadersPolicyConfig: {
      Name: `${name}-${site}`,
      Comment: `Security headers of the site ${site}`,
      SecurityHeadersConfig: {
        ContentSecurityPolicy: { ContentSecurityPolicy: contentSecurityPolicy(csp), Override: true },
        ContentTypeOptions: { Override: true },
        ...(frame && { FrameOptions: { FrameOption: frame, Override: true } }),
        ReferrerPolicy: { ReferrerPolicy: referrer, Override: true },
        StrictTransportSecurity: {
          AccessControlMaxAgeSec: hsts["max-age"],
          IncludeSubdomains: hsts["include-subdomains"],
          Preload: hsts.preload,
          Override: true,
        },
      },
    },
  };
}
