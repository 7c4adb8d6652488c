/** S3 in memory, as far as templates need it. */
import { createHash } from "node:crypto";
import { AwsError, escapeXml } from "./protocol.ts";

/** What S3 answers. */
export interface ObjectAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** Buckets and their objects; any bucket exists unless `names` are given. */
export class Buckets {
  readonly objects = new Map<string, Buffer>();

  constructor(private readonly names: Set<string> | undefined) {}

  /** Whether a bucket exists. */
  has(bucket: string): boolean {
    return this.names?.has(bucket) ?? true;
  }

  answer(action: string, path: string, headers: NodeJS.Dict<string | string[]>, body: Buffer): ObjectAnswer {
    const [, bucket = "", key = ""] = /^\/([^/]+)\/?(.*)$/.exec(decodeURIComponent(path)) ?? [];
    if (action === "CreateBucket") this.names?.add(bucket);
    if (!this.has(bucket)) {
      throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404);
    }
    const old = this.objects.get(`${bucket}/${key}`);
    if (action === "PutObject") {
      if (headers["if-none-match"] === "*" && old) {
        throw new AwsError("PreconditionFailed", "At least one of the pre-conditions did not hold", 412);
      }
      const chunked = String(headers["content-encoding"] ?? "").includes("aws-chunked");
      const content = chunked ? unchunked(body) : body;
      this.objects.set(`${bucket}/${key}`, content);
      return { status: 200, headers: { ETag: etag(content) }, body: "" };
    }
    if (action === "CreateBucket" || action === "HeadBucket") return { status: 200, headers: {}, body: "" };
    if (action === "DeleteObject") {
      this.objects.delete(`${bucket}/${key}`);
      return { status: 204, headers: {}, body: "" };
    }
    if (!old) throw new AwsError("NoSuchKey", "The specified key does not exist.", 404);
    const described = { ETag: etag(old), "Content-Length": String(old.length) };
    return { status: 200, headers: described, body: action === "HeadObject" ? "" : old };
  }
}

/** S3's name of a request. */
export function objectAction(method: string, path: string): string {
  const isBucket = /^\/[^/]+\/?$/.test(path);
  const names: Readonly<Record<string, readonly [string, string]>> = {
    PUT: ["CreateBucket", "PutObject"],
    HEAD: ["HeadBucket", "HeadObject"],
    GET: ["ListObjects", "GetObject"],
    DELETE: ["DeleteBucket", "DeleteObject"],
    POST: ["DeleteObjects", "CreateMultipartUpload"],
  };
  return names[method]?.[isBucket ? 0 : 1] ?? method;
}

/** S3's error body. */
export function objectErrorXml({ code, message }: AwsError): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
}

function etag(content: Buffer): string {
  return `"${createHash("md5").update(content).digest("hex")}"`;
}

/** The content of an upload in chunks, each headed by its length. */
function unchunked(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf("\r\n", at);
    const length = Number.parseInt(body.toString("latin1", at, end), 16);
    if (!(length > 0)) return Buffer.concat(chunks);
    chunks.push(body.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
}
