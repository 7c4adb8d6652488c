/** Who may read a profile, by the policies of the secret and of the group, judged by an evaluator of IAM that is not ours. */
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { expect, test } from "vitest";
import { PLACE, VpnTemplate } from "./template.ts";

const SECURITY = "111111111111";
const template = new VpnTemplate("demo", { allocation: "eipalloc-1", ip: "203.0.113.10" });

interface Asker {
  readonly principal: string;
  readonly arn?: string;
  readonly mfa?: "true" | "false";
  readonly policies?: readonly { readonly name: string; readonly policy: unknown }[];
}

const user = (name: string, mfa: Asker["mfa"] = "true"): Asker => ({
  principal: `arn:aws:iam::${SECURITY}:user/${name}`,
  mfa,
});

/** Whoever may do everything in the VPN's account. */
const role = (name: string): Asker => ({
  principal: `arn:aws:sts::${PLACE.account}:assumed-role/${name}/somebody`,
  arn: `arn:aws:iam::${PLACE.account}:role/${name}`,
  policies: [
    {
      name: "everything",
      policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
    },
  ],
});

const everything = role("").policies ?? [];

async function mayRead(
  whose: "ada" | "grace",
  { principal, arn = principal, mfa, policies = template.groupPolicies }: Asker,
): Promise<boolean> {
  const { overallResult } = (await runSimulation(
    {
      request: {
        principal,
        action: "secretsmanager:GetSecretValue",
        resource: {
          resource: `arn:aws:secretsmanager:${PLACE.region}:${PLACE.account}:secret:demo/vpn/${whose}-a1b2c3`,
          accountId: PLACE.account,
        },
        contextVariables: {
          "aws:PrincipalArn": arn,
          "aws:username": arn.split("/").at(-1) ?? "",
          ...(mfa && { "aws:MultiFactorAuthPresent": mfa }),
        },
      },
      identityPolicies: [...policies],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: template.policyOf(whose),
    },
    {},
  )) as { readonly overallResult?: string };
  return overallResult === "Allowed";
}

test("only they read it, with MFA", async () => {
  expect(await mayRead("grace", user("grace"))).toBe(true);
  expect(await mayRead("ada", user("ada"))).toBe(true);
  expect(await mayRead("grace", user("grace", "false"))).toBe(false);
});

test.each([
  ["another user with a profile", user("ada")],
  ["another user who may read all secrets", { ...user("ada"), policies: everything }],
  ["an administrator of the VPN's account", role("demo-admin")],
  ["the server, whatever its role is let", role("InstanceRole")],
  [
    "a user of another account with the same name",
    { ...user("grace"), principal: "arn:aws:iam::333333333333:user/grace", policies: everything },
  ],
])("%s does not", async (_, asker) => {
  expect(await mayRead("grace", asker)).toBe(false);
});
