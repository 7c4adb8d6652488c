/** What no schema can say of settings for all accounts: whether they are for any. */
import { type Architecture, securityAccountOf, valueAt } from "../../architecture.ts";
import { inSpec, type Report } from "../../diagnostics.ts";
import { formatPath, type SpecPath } from "../../path.ts";
import { isPruned } from "../../validate/prune.ts";

/** Reports a section that is there, where no account is for security: nothing would come of it. */
export const checkWatched =
  (section: SpecPath) =>
  ({ spec }: Architecture, report: Report): void => {
    const isSaid = valueAt(spec, section) !== undefined;
    if (!isSaid || securityAccountOf(spec) || isPruned(spec, ["security", "account"])) return;
    report({
      code: "unfit-key",
      message: `\`${formatPath(section)}\` is for a spec that has an account for security, and this one has none`,
      help: "call an account `security`, or name one by `security.account`; it can't be closed",
      at: inSpec(section, "key"),
    });
  };
