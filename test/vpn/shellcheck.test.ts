/** shellcheck over the scripts of this project: the one that instances run, and those of its tests and checks. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { describeWithPackages, runPackaged } from "./tools.ts";

const OURS = [".ci/run", ...readdirSync("test/vpn/machine").map((name) => `test/vpn/machine/${name}`)];

/** The script for the instance has its variables from what the template sets before it. */
const INSTANCE = "compiler/components/vpn/instance.sh";

describeWithPackages("shellcheck", (root) => {
  test.each(OURS)("%s", async (file) => {
    expect(await runPackaged(root, "usr/bin/shellcheck", file)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test(INSTANCE, async () => {
    expect(await runPackaged(root, "usr/bin/shellcheck", "--exclude=SC2153,SC2154", INSTANCE)).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
  });
});
