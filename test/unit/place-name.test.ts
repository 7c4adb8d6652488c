/** What people call the place of a stack. */
import { describe, expect, test } from "vitest";
import { nameOf } from "../../cli/deploy/place-name.ts";
import type { Manifest } from "../../deploy/manifest.ts";

const target = (environment: string, id: string, region: string) => ({
  environment,
  account: environment,
  id,
  region,
});

const manifestOf = (...stackSets: ReturnType<typeof target>[][]) =>
  ({
    accounts: [{ name: "old", id: "9", isClosed: false, serviceLinkedRoles: [] }],
    stackSets: stackSets.map((targets) => ({ targets })),
  }) as unknown as Manifest;

describe("a stack is named", () => {
  test("by its environment, wherever its stack set wants it", () => {
    const manifest = manifestOf(
      [target("dev", "1", "eu-west-1"), target("prod", "2", "eu-west-1")],
      [target("dev", "1", "us-east-1"), target("prod", "2", "us-east-1")],
    );
    expect(nameOf(manifest, { id: "1", region: "eu-west-1" })).toBe("dev");
    expect(nameOf(manifest, { id: "2", region: "us-east-1" })).toBe("prod");
  });

  test("and by its Region where a stack set has several of the environment", () => {
    const manifest = manifestOf(
      [target("dev", "1", "eu-west-1")],
      [target("dev", "1", "eu-west-1"), target("dev", "1", "us-east-1")],
    );
    expect(nameOf(manifest, { id: "1", region: "us-east-1" })).toBe("dev.us-east-1");
  });

  test("by its account where the spec does not have it", () => {
    const manifest = manifestOf([target("dev", "1", "eu-west-1")]);
    expect(nameOf(manifest, { id: "9", region: "eu-west-1" })).toBe("account old eu-west-1");
    expect(nameOf(manifest, { id: "8", region: "eu-west-1" })).toBe("account 8 eu-west-1");
  });
});
