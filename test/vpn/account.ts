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
import { ADDRESS } from "./network.ts";
import { PLACE, VpnTemplate } from "./template.ts";

interface AllClients {
  readonly ec2: EC2Client;
  readonly s3: S3Client;
  readonly ssm: SSMClient;
  readonly secrets: SecretsManagerClient;
}

export class Account {
  private constructor(
    private readonly moto: Moto,
    /** The architecture's, by which several VPNs can be in one account. */
    private readonly name: string,
    private readonly keys: Keys,
    private readonly clients: AllClients,
    private readonly allocation: string,
    private readonly template: VpnTemplate,
  ) {}

  static async create(moto: Moto, name: string): Promise<Account> {
    const { account, region } = PLACE;
    const { ec2, s3, ssm } = await clientsFor(moto.endpoint, account, region);
    const { accessKeyId, secretAccessKey, sessionToken = "" } = await ssm.config.credentials();
    const keys = { accessKeyId, secretAccessKey, sessionToken };
    const secrets = new SecretsManagerClient({ endpoint: moto.endpoint, region, credentials: keys });
    const { AllocationId = "" } = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
    const template = new VpnTemplate(name, { allocation: AllocationId, ip: ADDRESS });
    const clients = { ec2, s3, ssm, secrets };
    const made = new Account(moto, name, keys, clients, AllocationId, template);
    await made.fill();
    return made;
  }

  /** Makes what the template makes, as far as the server knows of it. */
  private async fill(): Promise<void> {
    const { s3, secrets } = this.clients;
    await s3.send(
      new CreateBucketCommand({
        Bucket: this.template.ref("StoreBucket"),
        CreateBucketConfiguration: { LocationConstraint: PLACE.region },
      }),
    );
    for (const Name of this.template.secrets) await secrets.send(new CreateSecretCommand({ Name }));
    await this.setPeople(this.template.people);
    await fetch(this.moto.endpoint, {
      method: "POST",
      headers: {
        ...headersOf({ service: "logs", region: PLACE.region, accessKey: this.keys.accessKeyId }),
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "Logs_20140328.CreateLogGroup",
      },
      body: JSON.stringify({ logGroupName: this.template.ref("LogGroup") }),
    });
  }

  /** Another instance, and the AWS that it sees. */
  async launch(): Promise<{ readonly id: string; readonly aws: Aws }> {
    const { Instances = [] } = await this.clients.ec2.send(
      new RunInstancesCommand({ ImageId: "ami-12345678", MinCount: 1, MaxCount: 1 }),
    );
    return { id: Instances[0]?.InstanceId ?? "", aws: new Aws(this.moto.endpoint, this.keys) };
  }

  /** Who has a profile from now on, as the template would say it. */
  async setPeople(Value: string): Promise<void> {
    const Name = this.template.ref("PeopleParameter");
    await this.clients.ssm.send(new PutParameterCommand({ Name, Type: "String", Value, Overwrite: true }));
  }

  async profileOf(user: string): Promise<string> {
    const { SecretString = "" } = await this.clients.secrets.send(
      new GetSecretValueCommand({ SecretId: this.secret(user) }),
    );
    return SecretString;
  }

  async overwriteProfileOf(user: string, SecretString: string): Promise<void> {
    await this.clients.secrets.send(new PutSecretValueCommand({ SecretId: this.secret(user), SecretString }));
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
      new GetObjectCommand({ Bucket: this.template.ref("StoreBucket"), Key: "pki.tar" }),
    );
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /**
   * What an instance boots with.
   *
   * @param days that a profile is valid, if not as the template says
   */
  userData(days?: number): string {
    const { userData } = this.template;
    const [shebang = "", ...lines] = userData.split("\n");
    const text = [shebang, "export AWS_ENDPOINT_URL=http://169.254.169.253", ...lines].join("\n");
    return days === undefined ? text : text.replace(/^DAYS=.*$/m, `DAYS=${days}`);
  }

  private secret(user: string): string {
    return `${this.name}/vpn/${user}`;
  }
}
