/** The files of a site: what browsers and CloudFront are told of each. */
import mime from "mime";

/** A file as it is to be served. */
export interface Served {
  readonly contentType: string;
  readonly cacheControl: string;
  /** It never changes under its name. */
  readonly isImmutable: boolean;
  /** It refers to others: when it is there, they must be. */
  readonly isPage: boolean;
}

/** For a year, and browsers never ask again. */
const IMMUTABLE = "public, max-age=31536000, immutable";
/** Browsers ask each time; CloudFront keeps it for a day, or until an invalidation says otherwise. */
const FRESH = "public, max-age=0, s-maxage=86400, must-revalidate";

/** Eight or more hexadecimal digits, letters and figures, between dots, hyphens or underscores. */
const HASHED = /(?:^|[._-])(?=\d*[a-f])(?=[a-f]*\d)[\da-f]{8,}[._-][^/]*$/i;

/** Types that are text, though their name does not say so. */
const TEXT = /^text\/|[/+](?:json|xml|javascript)$/;

/**
 * @param path below the site's folder, with slashes
 * @param patterns for immutable files whose name does not say so; `*` is any text
 */
export function servedAs(path: string, patterns: readonly string[] = []): Served {
  const type = mime.getType(path) ?? "application/octet-stream";
  const isPage = type === "text/html";
  const name = path.slice(path.lastIndexOf("/") + 1);
  const isImmutable = !isPage && (HASHED.test(name) || patterns.some((pattern) => matches(pattern, path)));
  return {
    contentType: TEXT.test(type) ? `${type}; charset=utf-8` : type,
    cacheControl: isImmutable ? IMMUTABLE : FRESH,
    isImmutable,
    isPage,
  };
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(path);
}
