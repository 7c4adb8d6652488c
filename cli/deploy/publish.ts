/** `landform publish`: uploads a site's folder. */
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { type Publication, publicationsOf } from "../../compiler/components/sites/publication.ts";
import { type Aws, connectToAny, type RoleIn } from "../../deploy/aws.ts";
import { DeployError, Interrupted, isAnswer } from "../../deploy/errors.ts";
import { destinationAt } from "../../publish/destination.ts";
import { type Published, publish } from "../../publish/publish.ts";
import { ExitCode } from "../exit.ts";
import type { PublishOptions } from "../options.ts";
import { unknownName } from "../unknown-name.ts";
import { readFolder } from "./folder.ts";
import { untilInterrupted } from "./interruption.ts";
import { inSession, type Session } from "./session.ts";
import { showUploading } from "./uploading.ts";

export function publishCommand(site: string, options: PublishOptions): Promise<number> {
  return inSession(options.spec, options, (session) => run(session, site, options), {
    check: (opened) => void find(opened, site, options.in),
    connect: connectToAny,
    // What is published is not what is generated.
    changesNothing: true,
  });
}

/** @throws UsageError where there is no such site, or not in that environment */
function find(
  { architecture }: Pick<Session, "architecture">,
  site: string,
  environment: string,
): Publication {
  const publications = publicationsOf(architecture);
  const environments = publications.get(site);
  if (!environments) throw unknownName("site", site, [...publications.keys()]);
  const found = environments.get(environment);
  if (!found)
    throw unknownName(`environment with the site \`${site}\``, environment, [...environments.keys()]);
  return found;
}

async function run(session: Session, site: string, options: PublishOptions): Promise<number> {
  const { aws } = session;
  const publication = find(session, site, options.in);
  const { settings, bucket, folder, region, account } = publication;
  const entries = ["index.html", settings["not-found"], ...(settings.forbidden ? [settings.forbidden] : [])];
  const source = readFolder(options.source ?? settings.source, settings.immutable, entries);
  const as = publisher(session, publication);
  const interruption = untilInterrupted();
  const progress = showUploading(`publishing ${site} in ${options.in}`);
  try {
    const { signal } = interruption;
    const address = {
      s3: new S3Client({ ...aws.configOf(region, as), forcePathStyle: options.endpointUrl !== undefined }),
      cloudFront: new CloudFrontClient(aws.configOf(publication.distribution.region, as)),
      bucket,
      folder,
      account: account.id,
      distributionId: await distributionOf(aws, publication, as),
    };
    const published = await publish({
      ...source,
      destination: destinationAt(address, { signal, pollEvery: options.poll * 1000 }),
      entries,
      immutable: settings.immutable,
      keepDays: settings["keep-days"],
      now: new Date().toISOString(),
      signal,
      report: progress.report,
    });
    progress.stop();
    conclude(site, options, published);
    return ExitCode.Done;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write(
      "landform: stopped; visitors see a whole site, and `landform publish` goes on from here\n",
    );
    return ExitCode.Interrupted;
  } finally {
    progress.stop();
    interruption.stop();
  }
}

/**
 * Who publishes: the role that may do nothing but that, or whoever may do it in the environment's own account.
 *
 * @throws DeployError where the caller is in an account that the role does not trust
 */
function publisher({ aws, manifest }: Session, { account, role }: Publication): RoleIn | undefined {
  const { administration } = manifest;
  if (aws.caller.account === administration.id) return { id: account.id, role };
  if (aws.caller.account === account.id) return undefined;
  throw new DeployError(
    `these credentials are of account ${aws.caller.account}: publish with those of \`${account.name}\` (${account.id}), or of \`${administration.account}\` (${administration.id}), which may assume the role ${role}`,
  );
}

async function distributionOf(
  aws: Aws,
  { distribution, environment }: Publication,
  as: RoleIn | undefined,
): Promise<string> {
  try {
    const ssm = new SSMClient(aws.configOf(distribution.region, as));
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: distribution.parameter }));
    return Parameter?.Value ?? "";
  } catch (error) {
    if (!isAnswer(error, "ParameterNotFound")) throw error;
    throw new DeployError(
      `the site is not there yet: run \`landform deploy --environment ${environment}\` first`,
    );
  }
}

function conclude(site: string, { in: environment, json }: PublishOptions, published: Published): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok: true, site, environment, ...published }, null, 2)}\n`);
    return;
  }
  const { uploaded, unchanged, removed, kept, isInvalidated } = published;
  const parts = [
    `${uploaded} uploaded`,
    `${unchanged} unchanged`,
    `${removed} removed`,
    ...(kept > 0 ? [`${kept} kept for pages that were loaded before`] : []),
    isInvalidated ? "CloudFront invalidated" : "nothing to invalidate",
  ];
  process.stdout.write(`${site} in ${environment}: ${parts.join(", ")}\n`);
}
