/** moto, a simulation of AWS with many accounts, as a server of the test's own. */
import { spawn } from "node:child_process";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { EC2Client } from "@aws-sdk/client-ec2";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { script } from "./tools.ts";

/** A running server. `stop` rejects, with what the server last said, if it had ended by itself. */
export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Clients for one account and Region. */
export interface Clients {
  readonly cloudFormation: CloudFormationClient;
  readonly cloudFront: CloudFrontClient;
  readonly ec2: EC2Client;
  readonly s3: S3Client;
  readonly ssm: SSMClient;
}

/** Starts a server on a free local port and waits until it answers. It ends with this process at the latest. */
export async function startMoto(python: string): Promise<Moto> {
  const args = ["-BE", script("serve_moto.py"), "-H", "127.0.0.1", "-p", "0"];
  // Settings of the caller's (AWS_*, MOTO_*) stay out.
  const server = spawn(python, args, { stdio: ["pipe", "ignore", "pipe"], env: { PATH: process.env.PATH } });
  let log = "";
  let early: Error | undefined;
  const closed = new Promise<void>((resolve) => server.once("close", () => resolve()));
  const endpoint = await new Promise<string>((resolve, reject) => {
    server.stderr.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-10_000);
      const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (address) resolve(address);
    });
    server.once("error", reject);
    server.once("close", (code, signal) => {
      early = new Error(`moto's server ended early (${code ?? signal}):\n${log}`);
      reject(early);
    });
  });
  await fetch(`${endpoint}/moto-api/`);
  return {
    endpoint,
    async stop() {
      if (early) throw early;
      server.kill("SIGKILL");
      await closed;
    },
  };
}

/** Clients whose calls land in `account`: moto knows an account by the access key, and a role's by its ARN. */
export async function clientsFor(endpoint: string, account: string, region: string): Promise<Clients> {
  const response = await fetch(endpoint, {
    method: "POST",
    // moto reads the service from the signature's scope and doesn't check the signature.
    headers: { Authorization: `AWS4-HMAC-SHA256 Credential=TEST/20200101/${region}/sts/aws4_request` },
    body: new URLSearchParams({
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: `arn:aws:iam::${account}:role/Test`,
      RoleSessionName: "test",
    }),
  });
  const answer = await response.text();
  const field = (name: string) => {
    const value = new RegExp(`<${name}>(.*?)</${name}>`).exec(answer)?.[1];
    if (!value) throw new Error(`AssumeRole gave no ${name}:\n${answer}`);
    return value;
  };
  const config = {
    endpoint,
    region,
    credentials: {
      accessKeyId: field("AccessKeyId"),
      secretAccessKey: field("SecretAccessKey"),
      sessionToken: field("SessionToken"),
    },
    // What moto refuses it refuses again, so retries only hide the first answer.
    maxAttempts: 1,
  };
  return {
    cloudFormation: new CloudFormationClient(config),
    cloudFront: new CloudFrontClient(config),
    ec2: new EC2Client(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    ssm: new SSMClient(config),
  };
}
