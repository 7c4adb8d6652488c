/** One deploy in a process of its own, so that its memory can be told: `deployer.ts ACCOUNTS CHANGED…`. */
import { connectToAdministration } from "../deploy/aws.ts";
import { deploy } from "../deploy/deploy.ts";
import { readManifest } from "../deploy/manifest.ts";
import { filesFor } from "./scale.ts";

const [accounts = "1", ...changed] = process.argv.slice(2);
const manifest = readManifest(filesFor(Number(accounts), changed.map(Number)));
const aws = await connectToAdministration(manifest, { endpointUrl: process.env.AWS_ENDPOINT_URL });
const results = await deploy(
  {
    aws,
    manifest,
    inScope: () => true,
    signal: new AbortController().signal,
    pollEvery: 200,
    report() {},
  },
  manifest.stackSets,
);
const failed = results.filter(({ outcome }) => outcome !== "deployed" && outcome !== "unchanged");
if (failed.length > 0) throw new Error(JSON.stringify(failed));
