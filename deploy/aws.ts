/** The way to AWS: who the caller is, clients for the administration account, and for each account a look inside. */
import { CloudFormationClient, type CloudFormationClientConfig } from "@aws-sdk/client-cloudformation";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { DeployError, isAnswer } from "./errors.ts";
import { accountOf, type Manifest } from "./manifest.ts";

/** How the caller wants AWS to be reached. */
export interface AwsOptions {
  /** A profile of the shared configuration files; else the SDK's usual chain decides. */
  readonly profile?: string | undefined;
  /** Another address for every service, such as `http://localhost:5000`. */
  readonly endpointUrl?: string | undefined;
}

/** AWS as the caller may use it. */
export interface Aws {
  readonly caller: { readonly account: string; readonly arn: string };
  /** CloudFormation in the caller's own account and the home Region. */
  readonly home: CloudFormationClient;
  /** S3 in the caller's own account. */
  s3(region: string): S3Client;
  /** CloudFormation in an account and Region under a role there; in the caller's own name where none is given. */
  cloudFormation(region: string, as?: RoleIn): CloudFormationClient;
  /** The parameter store in an account and Region under a role there; in the caller's own name where none is given. */
  parameters(region: string, as?: RoleIn): SSMClient;
  /** What any client in an account and Region needs, under a role there; in the caller's own name where none is given. */
  configOf(region: string, as?: RoleIn): ClientConfig;
  /** The address of an object, as CloudFormation wants it. */
  objectUrl(region: string, bucket: string, key: string): string;
}

/** A role in an account. */
export interface RoleIn {
  readonly id: string;
  readonly role: string;
}

/** What the clients of all services are told alike. */
export type ClientConfig = Pick<
  CloudFormationClientConfig,
  "maxAttempts" | "retryMode" | "requestHandler" | "profile" | "endpoint" | "region" | "credentials"
>;

/** How often a call is tried, with growing pauses between: about two minutes where AWS throttles all the time. */
const ATTEMPTS = 10;

/** @throws DeployError where there are no credentials, AWS refuses them, or can't be reached */
async function connect(home: string, { profile, endpointUrl }: AwsOptions): Promise<Aws> {
  const credentials = fromNodeProviderChain({
    ...(profile !== undefined && { profile }),
    clientConfig: { region: home },
  });
  const shared = {
    maxAttempts: ATTEMPTS,
    retryMode: "adaptive",
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 60_000 },
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  } satisfies CloudFormationClientConfig;
  const own = { ...shared, credentials };
  const sts = new STSClient({ ...own, region: home, maxAttempts: 3 });
  // One pool of connections for all: there may be a client for each of hundreds of accounts.
  const { requestHandler } = sts.config;
  const roles = new STSClient({ ...own, requestHandler, region: home });
  const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({})).catch((error) => {
    const named = profile ?? process.env.AWS_PROFILE;
    if (!named || !isAnswer(error, "CredentialsProviderError")) throw error;
    const by = profile === undefined ? ", which AWS_PROFILE names," : "";
    throw new DeployError(`the profile \`${named}\`${by} gives no AWS credentials: ${error.message}`);
  });
  if (!Account) throw new DeployError(`what answers at ${endpointUrl ?? "AWS's address"} is not AWS`);
  const configOf: Aws["configOf"] = (region, as) => ({
    ...shared,
    requestHandler,
    region,
    credentials: as ? () => assume(roles, as.id, as.role) : credentials,
  });
  const cloudFormation = once((region, as) => new CloudFormationClient(configOf(region, as)));
  return {
    caller: { account: Account, arn: Arn },
    home: cloudFormation(home),
    s3: once((region) => new S3Client({ ...own, region, forcePathStyle: endpointUrl !== undefined })),
    cloudFormation,
    parameters: once((region, as) => new SSMClient(configOf(region, as))),
    configOf,
    objectUrl: (region, bucket, key) =>
      endpointUrl === undefined
        ? `https://${bucket}.s3.${region}.amazonaws.com/${key}`
        : `${endpointUrl.replace(/\/$/, "")}/${bucket}/${key}`,
  };
}

/** Makes one client for each Region and role, however often it is asked for. */
function once<T>(make: (region: string, as?: RoleIn) => T): (region: string, as?: RoleIn) => T {
  const made = new Map<string, T>();
  return (region, as) => {
    const key = as ? `${as.id}/${as.role}/${region}` : region;
    const client = made.get(key) ?? make(region, as);
    made.set(key, client);
    return client;
  };
}

/** Credentials of a role in an account; the client asks again when they are about to expire. */
async function assume(sts: STSClient, id: string, role: string) {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${id}:role/${role}`, RoleSessionName: "landform" }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    ...(Credentials?.SessionToken && { sessionToken: Credentials.SessionToken }),
    ...(Credentials?.Expiration && { expiration: Credentials.Expiration }),
  };
}

/** Connects as the administration account, before anything is written. @throws DeployError where the caller is in another */
export async function connectToAdministration(manifest: Manifest, options: AwsOptions): Promise<Aws> {
  const aws = await connect(manifest.home, options);
  const { account, id } = manifest.administration;
  if (aws.caller.account === id) return aws;
  const known = accountOf(manifest, aws.caller.account);
  throw new DeployError(
    `these credentials are of account ${aws.caller.account}${known ? ` (\`${known.name}\`)` : ", which is not in the spec"}, but the stack sets of \`${manifest.name}\` live in ${id} (\`${account}\`): name a profile of that account with --profile`,
  );
}

/** Connects as any account of the spec. @throws DeployError where the caller is in another */
export async function connectToAny(manifest: Manifest, options: AwsOptions): Promise<Aws> {
  const aws = await connect(manifest.home, options);
  if (accountOf(manifest, aws.caller.account)) return aws;
  throw new DeployError(
    `these credentials are of account ${aws.caller.account}, which is not in the spec: name a profile of one of its accounts with --profile`,
  );
}

/** An account and Region. */
interface Where {
  readonly id: string;
  readonly region: string;
}

/** CloudFormation in an account and Region, under the role that may look and change nothing. */
export function inspect(aws: Aws, { administration }: Manifest, { id, region }: Where): CloudFormationClient {
  return aws.cloudFormation(region, { id, role: administration.inspectionRole });
}

/** The parameter store there, under the same role. */
export function inspectParameters(aws: Aws, { administration }: Manifest, { id, region }: Where): SSMClient {
  return aws.parameters(region, { id, role: administration.inspectionRole });
}
