/** What no schema can say of people: whether there is an account for them, and whether what is said of them does anything. */
import { type Architecture, securityAccountOf, valueAt } from "../../architecture.ts";
import { inSpec, type Report } from "../../diagnostics.ts";
import { lengthOf } from "../../output/length.ts";
import { describeLimit } from "../../output/limits.ts";
import { accessOf } from "./access.ts";
import { DEFINITIONS } from "./definitions.ts";
import { EVERY_ACCOUNT, type PeopleSettings, peopleOf, peoplePath } from "./settings.ts";
import { trustOf } from "./trust.ts";

export function checkPeople(architecture: Architecture, report: Report): void {
  const { spec } = architecture;
  if (valueAt(spec, peoplePath) === undefined) return;
  const people = peopleOf(architecture);
  if (!securityAccountOf(spec)) report(homeless);
  checkUsers(people, report);
  checkGroups(architecture, people, report);
  checkTrust(architecture, report);
}

const homeless = {
  code: "missing-key",
  message: "users and groups have no account to live in",
  help: "call an account `security`, or name one by `security: { account: … }`",
  at: inSpec(peoplePath, "key"),
} as const;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_GROUPS = 10;

function checkUsers({ users }: PeopleSettings, report: Report): void {
  for (const [user, groups] of Object.entries(users)) {
    const path = [...peoplePath, "users", user];
    if (user === ROOT) {
      report({
        code: "bad-name",
        message: `\`${ROOT}\` is what AWS calls whoever an account belongs to`,
        help: "call users as people are called",
        at: inSpec(path, "key"),
      });
    }
    if (groups.length === 0) {
      report({
        code: "without-effect",
        severity: "warning",
        message: `\`${user}\` is in no group, and so may do nothing`,
        help: "put them into a group; when somebody leaves, take them out of `people.users`",
        at: inSpec(path, "key"),
      });
    }
    if (groups.length > MOST_GROUPS) {
      report({
        code: "limit-exceeded",
        message: `\`${user}\` is in ${groups.length} groups; IAM allows ${MOST_GROUPS}`,
        help: "make a group of what several groups give",
        at: inSpec(path, "key"),
      });
    }
  }
}

const ROOT = "root";

function checkGroups({ spec }: Architecture, { groups, users }: PeopleSettings, report: Report): void {
  for (const [group, { roles = {}, vpn }] of Object.entries(groups)) {
    const path = [...peoplePath, "groups", group];
    const idle = (message: string, help: string, at = inSpec(path, "key")) =>
      report({ code: "without-effect", severity: "warning", message, help, at });
    if (!Object.values(users).some((own) => own.includes(group)))
      idle(`nobody is in the group \`${group}\``, "add it to somebody's groups, or take it out");
    if (Object.keys(roles).length === 0 && !vpn)
      idle(`the group \`${group}\` gives nothing`, "give it `roles`, or `vpn: true`");
    for (const account of Object.keys(roles)) {
      if (account !== EVERY_ACCOUNT && spec.accounts[account]?.status === "closed") {
        const at = inSpec([...path, "roles", account], "key");
        idle(`the account \`${account}\` is closed: nobody takes a role in it`, "take it out", at);
      }
    }
  }
}

/** A trust policy has 2,048 characters, and twice as many where AWS has raised the quota; the page is the same. */
const MOST_CHARACTERS = 2048;

/** Whoever may take a role stands in its trust policy. Where several are too long, the longest is told. */
function checkTrust(architecture: Architecture, report: Report): void {
  const security = securityAccountOf(architecture.spec);
  if (!security) return;
  const counts = accessOf(architecture).flatMap(({ account, users }) =>
    [...users].map(([role, names]) => ({
      subject: `the trust policy of \`${role}\` in \`${account.name}\``,
      count: lengthOf(trustOf(security.id, names, DEFINITIONS[role].mfaHours)),
    })),
  );
  const [longest] = counts.sort((a, b) => b.count - a.count);
  const finding =
    longest &&
    describeLimit({
      ...longest,
      what: "characters",
      most: MOST_CHARACTERS,
      isQuota: true,
      help: "let fewer people take it, or have the quota for the length of trust policies raised, to 4,096 at most",
      at: inSpec([...peoplePath, "users"], "key"),
    });
  if (finding) report(finding);
}
