/** The account of a VPN in moto: what its template makes there. */
import {
  AllocateAddressCommand,
  DescribeAddressesCommand,
  type EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateBucketCommand, GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { headersOf } from "../aws/moto-calls.ts";
import { clientsFor, type Moto } from "../python/moto.ts";
import { Aws, type Keys } from "./aws.ts";
import { ADDRESS, CLIENTS, REACHES } from "./network.ts";

const REGION = "eu-west-1";

export class Account {
  private constructor(
    private readonly moto: Moto,
    /** The architecture's, by which several VPNs can be in one account. */
    private readonly name: string,
    private readonly keys: Keys,
    private readonly clients: { readonly ec2: EC2Client; readonly s3: S3Client; readonly ssm: SSMClient },
    private readonly secrets: SecretsManagerClient,
    private readonly allocation: string,
  ) {}

  static async create(moto: Moto, name: string, users: readonly string[]): Promise<Account> {
    const clients = await clientsFor(moto.endpoint, "300000000003", REGION);
    const { accessKeyId, secretAccessKey, sessionToken = "" } = await clients.ssm.config.credentials();
    const keys = { accessKeyId, secretAccessKey, sessionToken };
    const secrets = new SecretsManagerClient({ endpoint: moto.endpoint, region: REGION, credentials: keys });
    const { AllocationId = "" } = await clients.ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
    const account = new Account(moto, name, keys, clients, secrets, AllocationId);
    await clients.s3.send(
      new CreateBucketCommand({
        Bucket: account.bucket,
        CreateBucketConfiguration: { LocationConstraint: REGION },
      }),
    );
    for (const user of users) await secrets.send(new CreateSecretCommand({ Name: account.secret(user) }));
    await account.setPeople(users);
    await fetch(moto.endpoint, {
      method: "POST",
      headers: {
        ...headersOf({ service: "logs", region: REGION, accessKey: accessKeyId }),
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "Logs_20140328.CreateLogGroup",
      },
      body: JSON.stringify({ logGroupName: `/${name}/vpn` }),
    });
    return account;
  }

  /** Another instance, and the AWS that it sees. */
  async launch(): Promise<{ readonly id: string; readonly aws: Aws }> {
    const { Instances = [] } = await this.clients.ec2.send(
      new RunInstancesCommand({ ImageId: "ami-12345678", MinCount: 1, MaxCount: 1 }),
    );
    return { id: Instances[0]?.InstanceId ?? "", aws: new Aws(this.moto.endpoint, this.keys) };
  }

  /** Who has a profile from now on. */
  async setPeople(people: readonly string[]): Promise<void> {
    const Value = people.join() || "-";
    await this.clients.ssm.send(
      new PutParameterCommand({
        Name: `/${this.name}/vpn/people`,
        Type: "StringList",
        Value,
        Overwrite: true,
      }),
    );
  }

  async profileOf(user: string): Promise<string> {
    const { SecretString = "" } = await this.secrets.send(
      new GetSecretValueCommand({ SecretId: this.secret(user) }),
    );
    return SecretString;
  }

  async overwriteProfileOf(user: string, SecretString: string): Promise<void> {
    await this.secrets.send(new PutSecretValueCommand({ SecretId: this.secret(user), SecretString }));
  }

  /** The instance that has the Elastic IP. */
  async associated(): Promise<string | undefined> {
    const { Addresses = [] } = await this.clients.ec2.send(
      new DescribeAddressesCommand({ AllocationIds: [this.allocation] }),
    );
    return Addresses[0]?.InstanceId;
  }

  /** What is in the bucket, an archive. */
  async stored(): Promise<Buffer> {
    const { Body } = await this.clients.s3.send(
      new GetObjectCommand({ Bucket: this.bucket, Key: "pki.tar" }),
    );
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /** The variables that stand before the script. */
  variables(days = 365): string {
    return `#!/bin/bash
export AWS_ENDPOINT_URL=http://169.254.169.253
NAME=${this.name} REGION=${REGION} DOMAIN=amazonaws.com STACK=vpn
BUCKET=${this.bucket} PEOPLE=/${this.name}/vpn/people SECRETS=${this.name}/vpn
ALLOCATION=${this.allocation} ADDRESS=${ADDRESS}
CLIENTS=${CLIENTS} REACHES=${REACHES}
DAYS=${days} RENEW=30 LOGS=/${this.name}/vpn
`;
  }

  private get bucket(): string {
    return `${this.name}-vpn-300000000003-${REGION}`;
  }

  private secret(user: string): string {
    return `${this.name}/vpn/${user}`;
  }
}
