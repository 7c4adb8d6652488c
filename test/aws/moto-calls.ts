/** Calls to moto that the local AWS makes itself. */
import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { AwsError, type Params } from "./protocol.ts";
import type { RawAnswer, RawRequest } from "./world.ts";

/** Sends a request as it is. */
export async function forward(
  endpoint: string,
  { method, url, headers, body }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    // The length may have changed, and the host must not be moto's: its name is a bucket's if it is no known one.
    const length = body.length > 0 ? { "content-length": String(body.length) } : {};
    const { "content-length": _, "transfer-encoding": __, connection: ___, ...kept } = headers;
    const sent = request(`${endpoint}${url}`, { method, headers: { ...kept, ...length } }, (response) => {
      buffer(response).then((answer) => {
        const { connection: _, "transfer-encoding": __, "content-length": ___, ...others } = response.headers;
        const given = Object.entries(others).map(([name, value]) => [name, String(value)] as const);
        const head = method === "HEAD" ? { "content-length": response.headers["content-length"] ?? "0" } : {};
        resolve({
          status: response.statusCode ?? 500,
          headers: { ...Object.fromEntries(given), ...head },
          body: answer,
        });
      }, reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The account, Region and service of a call. */
export interface Scope {
  readonly service: string;
  readonly region: string;
  readonly accessKey: string;
}

/** The headers that tell moto of a scope. */
export function headersOf({ service, region, accessKey }: Scope): { authorization: string; host: string } {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
    host: `${service}.${region}.amazonaws.com`,
  };
}

/** Asks moto's query protocol; throws the error that it answers. */
export async function ask(endpoint: string, scope: Scope, params: Params): Promise<string> {
  const { status, body } = await forward(endpoint, {
    method: "POST",
    url: "/",
    headers: { ...headersOf(scope), "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from(new URLSearchParams(params).toString()),
  });
  const answer = body.toString();
  if (status < 400) return answer;
  throw new AwsError(field(answer, "Code") ?? "InternalFailure", field(answer, "Message") ?? answer, status);
}

/** The text of the first element of that name. */
export const field = (xml: string, name: string): string | undefined => fields(xml, name)[0];

/** The texts of all elements of that name. */
export function fields(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "gs"))].map(([, text = ""]) =>
    unescaped(text),
  );
}

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos|#\d+);/g, (_, entity: string) =>
    entity.startsWith("#") ? String.fromCharCode(Number(entity.slice(1))) : (ENTITIES[entity] ?? ""),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
