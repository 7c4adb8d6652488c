/**
 * One deploy, or one plan, in a process of its own, so that its memory can be told: `deployer.ts COMMAND POLL ACCOUNTS
 * CHANGED…`, where it asks every `POLL` milliseconds how an operation goes.
 */
import { connectToAdministration } from "../deploy/aws.ts";
import { deploy } from "../deploy/deploy.ts";
import { readManifest } from "../deploy/manifest.ts";
import { plan } from "../deploy/plan.ts";
import { filesFor } from "./scale.ts";

const [command, poll, accounts = "1", ...changed] = process.argv.slice(2);
const manifest = readManifest(filesFor(Number(accounts), changed.map(Number)));
const aws = await connectToAdministration(manifest, { endpointUrl: process.env.AWS_ENDPOINT_URL });
const inScope = () => true;
const waiting = { signal: new AbortController().signal, pollEvery: Number(poll) };
if (command === "plan") {
  const planned = await plan(aws, manifest, manifest.stackSets, inScope, waiting);
  const previews = planned.flatMap((one) => one.previews);
  const blind = previews.find((preview) => preview.blind !== undefined);
  if (previews.length === 0 || blind) throw new Error(`not previewed: ${blind?.blind}`);
} else {
  const noCode = (key: string): never => {
    throw new Error(`nobody asked for ${key}`);
  };
  const work = {
    aws,
    manifest,
    inScope,
    ...waiting,
    artifact: noCode,
    isRefreshed: () => false,
    report() {},
  };
  const results = await deploy(work, manifest.stackSets);
  const failed = results.filter(({ outcome }) => outcome !== "deployed" && outcome !== "unchanged");
  if (failed.length > 0) throw new Error(JSON.stringify(failed));
}
