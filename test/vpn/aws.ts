/** AWS as the VPN's server sees it: an instance's metadata, and moto behind a check of each call's signature. */
import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { buffer } from "node:stream/consumers";
import { SignatureV4 } from "@smithy/signature-v4";
import { forward } from "../aws/moto-calls.ts";

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** A call that an instance has made. */
export interface Call {
  readonly instance: string;
  readonly service: string;
  /** The action, or for S3 the method. */
  readonly action: string;
  readonly body: string;
  readonly status: number;
}

const SCOPE =
  /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)/;

/** What the SDK's signer takes for a hash. */
class Sha256 {
  private readonly hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash =
      secret === undefined ? createHash("sha256") : createHmac("sha256", secret as NodeJS.ArrayBufferView);
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {}
}

/** The services of one instance, on a socket. */
export class Aws {
  readonly calls: Call[] = [];
  /** What was wrong with the signatures of others. */
  readonly rejected: string[] = [];
  /** What answers instead of moto, by action: it can't do everything. */
  readonly answers = new Map<string, number>();

  constructor(
    private readonly moto: string,
    private readonly keys: Keys,
  ) {}

  /** @returns the two servers, of the metadata and of the services */
  listen(instance: string, metadata: string, services: string): Promise<readonly Server[]> {
    return Promise.all([
      serve(metadata, async (request) => this.metadata(instance, request)),
      serve(services, async (request, body) => this.service(instance, request, body)),
    ]);
  }

  /** The calls of an action. */
  of(action: string): readonly Call[] {
    return this.calls.filter((call) => call.action === action);
  }

  private metadata(instance: string, { method, url = "", headers }: IncomingMessage): Answer {
    const path = url.replace("/latest/", "");
    if (path === "api/token") return { status: method === "PUT" ? 200 : 405, body: "token" };
    if (headers["x-aws-ec2-metadata-token"] !== "token") return { status: 401, body: "" };
    const { accessKeyId, secretAccessKey, sessionToken } = this.keys;
    const credentials = {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
    };
    const answers: Readonly<Record<string, string>> = {
      "meta-data/instance-id": instance,
      "meta-data/iam/security-credentials/": "vpn",
      "meta-data/iam/security-credentials/vpn": JSON.stringify(credentials),
    };
    const body = answers[path];
    return { status: body === undefined ? 404 : 200, body: body ?? "" };
  }

  private async service(instance: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
    const { method = "", url = "/", headers } = request;
    const service = await this.signer(request, body).catch((error: unknown) => {
      this.rejected.push(String(error));
      throw error;
    });
    const target = String(headers["x-amz-target"] ?? "").split(".")[1];
    const action = target ?? new URLSearchParams(body.toString()).get("Action") ?? method;
    const answer = await this.answer(action, { method, url, headers, body });
    this.calls.push({ instance, service, action, body: body.toString(), status: answer.status });
    return answer;
  }

  private async answer(action: string, request: Parameters<typeof forward>[1]): Promise<Answer> {
    const status = this.answers.get(action);
    if (status !== undefined) return { status, body: "" };
    const { host: _, ...headers } = request.headers;
    return forward(this.moto, { ...request, headers: { ...headers, host: "aws" } as typeof request.headers });
  }

  /** The service a call is signed for; throws where AWS's own code makes another signature of it. */
  private async signer({ method = "", url = "/", headers }: IncomingMessage, body: Buffer): Promise<string> {
    const [, key, region = "", service = "", names = "", signature] =
      SCOPE.exec(headers.authorization ?? "") ?? [];
    if (key !== this.keys.accessKeyId) throw new Error(`a call is signed by ${key}`);
    const digest = headers["x-amz-content-sha256"];
    if (service === "s3" && digest !== createHash("sha256").update(body).digest("hex"))
      throw new Error("S3 is told another digest than the body has");
    const signer = new SignatureV4({
      service,
      region,
      credentials: this.keys,
      sha256: Sha256,
      uriEscapePath: service !== "s3",
      applyChecksum: false,
    });
    const signed = Object.fromEntries(names.split(";").map((name) => [name, String(headers[name])]));
    const [, ...time] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(String(headers["x-amz-date"])) ?? [];
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = time.map(Number);
    const again = await signer.sign(
      { method, protocol: "http:", hostname: signed.host ?? "", path: url, headers: signed, body },
      { signingDate: new Date(Date.UTC(year, month - 1, day, hour, minute, second)) },
    );
    const expected = SCOPE.exec(again.headers.authorization ?? "")?.[5];
    if (expected !== signature) throw new Error(`a call of ${service} is signed wrongly`);
    return service;
  }
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

function serve(
  socket: string,
  answer: (request: IncomingMessage, body: Buffer) => Promise<Answer>,
): Promise<Server> {
  const server = createServer((request, response) => {
    buffer(request)
      .then((body) => answer(request, body))
      .catch((error: unknown) => ({ status: 403, body: String(error) }) as Answer)
      .then(({ status, headers, body }) => response.writeHead(status, { ...headers }).end(body));
  });
  return new Promise((resolve) => server.listen(socket, () => resolve(server)));
}
