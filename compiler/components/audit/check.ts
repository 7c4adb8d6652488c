/** What no schema can say of the audit: what contradicts itself, and what nothing would come of. */
import { type Architecture, settingsIn, valueAt } from "../../architecture.ts";
import { inSpec, type Report } from "../../diagnostics.ts";
import { checkWatched } from "../baseline/check.ts";
import { type AuditSettings, auditPath } from "./settings.ts";

export function checkAudit(architecture: Architecture, report: Report): void {
  const { spec } = architecture;
  checkWatched(auditPath)(architecture, report);
  const { archive, recorder, rules } = settingsIn(spec, auditPath) as unknown as AuditSettings;
  const { lock, "lock-days": locked, "retention-days": kept } = archive;
  if (lock !== "none" && locked > kept) {
    const said = [...auditPath, "archive", "lock-days"];
    report({
      code: "bad-value",
      message: `files are locked for ${locked} days, and kept for ${kept}`,
      help: `let \`retention-days\` be at least \`lock-days\``,
      at: inSpec(valueAt(spec, said) === undefined ? [...auditPath, "archive", "retention-days"] : said),
    });
  }
  const asked = [...auditPath, "rules"];
  if (!recorder.enabled && rules.enabled && valueAt(spec, asked) !== undefined) {
    report({
      code: "unfit-key",
      message: "`rules` judge what the recorder sees, and there is to be no recorder",
      help: "leave out `rules`, or have the recorder",
      at: inSpec(asked, "key"),
    });
  }
}
