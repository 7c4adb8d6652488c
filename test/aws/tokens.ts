/** OIDC tokens, whose signature nobody looks at here, and what a role's trust policy sees of one. */
import { allows, type Statement } from "./iam.ts";

/** What a token says. */
export type Claims = Readonly<Record<string, string | number>> & { readonly iss: string };

/** A token as an issuer would sign it. */
export function tokenOf(claims: Claims): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}.${Buffer.from("signed").toString("base64url")}`;
}

/** Whether a role lets in who has the token. */
export function lets(trust: readonly Statement[], account: string, token: string): boolean {
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
  const issuer = claims.iss.replace("https://", "");
  const provider = `arn:aws:iam::${account}:oidc-provider/${issuer}`;
  const context = Object.fromEntries(
    Object.entries(claims).map(([claim, value]) => [`${issuer}:${claim}`, String(value)]),
  );
  const own = trust.filter(({ Principal }) => Principal?.Federated === provider);
  return allows(own, { action: "sts:AssumeRoleWithWebIdentity", resource: "*", context });
}
