/** The baseline: what every account has in every Region that is watched, whether or not an environment is there. */
import { keyPolicy, logGroupsEncrypt } from "../../cfn/security.ts";
import type { Component } from "../../component.ts";
import { Stack } from "../../stack.ts";
import { isGoverned } from "../organization/settings.ts";
import { buildAccount, buildBuckets } from "./account.ts";
import { addAnalyzer } from "./analyzer.ts";
import { checkWatched } from "./check.ts";
import { buildInstanceDefaults, encryptVolumes } from "./instance-defaults.ts";
import { maskCredentials } from "./mask-credentials.ts";
import { BASELINE, baselineOutputs } from "./outputs.ts";
import { type BaselineSettings, baselinePath } from "./settings.ts";

export const baseline: Component<BaselineSettings, undefined> = {
  path: baselinePath,
  scope: "watched",
  check: checkWatched(baselinePath),
  build({ name, architecture, placement, settings }) {
    const stack = new Stack(name, BASELINE, "What every account has in every Region", baselinePath);
    addKey(stack, name);
    encryptVolumes(stack);
    // What is shared with an account by its id goes on; public is nothing.
    stack.add("AWS::EC2::SnapshotBlockPublicAccess", "SnapshotBlock", { State: "block-all-sharing" });
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html
    stack.add("AWS::SSM::ServiceSetting", "DocumentBlock", {
      SettingId: "/ssm/documents/console/public-sharing-permission",
      SettingValue: "Disable",
    });
    if (settings["access-analyzer"]) addAnalyzer(stack, name, architecture);
    if (settings["mask-credentials"]) maskCredentials(stack, name);
    const isHome = placement.region === architecture.home;
    const isOwn = !isGoverned(architecture, placement.account);
    return [
      stack.build(),
      ...(isHome ? [buildAccount(name)] : []),
      ...(isOwn ? [buildInstanceDefaults(name)] : []),
      ...(isOwn && isHome && settings["s3-block"] ? [buildBuckets(name)] : []),
    ];
  },
};

function addKey(stack: Stack, name: string): void {
  const key = stack.add(
    "AWS::KMS::Key",
    "Key",
    {
      Description: "Encrypts what security keeps in this account and Region",
      EnableKeyRotation: true,
      KeyPolicy: keyPolicy(logGroupsEncrypt),
      Tags: [{ Key: "Name", Value: `${name}-${BASELINE}` }],
    },
    { retain: true },
  );
  stack.add("AWS::KMS::Alias", "KeyAlias", {
    AliasName: `alias/${name}/${BASELINE}`,
    TargetKeyId: key.ref,
  });
  stack.publish(baselineOutputs.keyArn, key.att("Arn"));
}
