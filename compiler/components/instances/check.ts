/** What no schema can say of how instances are kept: whether there are any, and when it is what time. */
import { type Architecture, securityAccountOf, valueAt } from "../../architecture.ts";
import { inSpec, type Report } from "../../diagnostics.ts";
import { formatPath, type SpecPath } from "../../path.ts";
import { isPruned } from "../../validate/prune.ts";
import { showName } from "../../wording.ts";
import { isTimeZone } from "../workload/schedule.ts";
import { hasInstances } from "./upkeep.ts";

export function checkSessions(architecture: Architecture, report: Report): void {
  if (!securityAccountOf(architecture.spec)) reportUseless(architecture, ["security", "sessions"], report);
}

export function checkPatching(architecture: Architecture, report: Report): void {
  const section = ["security", "patching"];
  reportUseless(architecture, section, report);
  const at = [...section, "window", "time-zone"];
  const zone = valueAt(architecture.spec, at);
  if (typeof zone !== "string" || isTimeZone(zone)) return;
  report({
    code: "bad-value",
    message: `updates are installed by the time of ${showName(zone)}, which is no time zone`,
    help: "the IANA database calls them by continent and city, such as Europe/Berlin",
    at: inSpec(at),
  });
}

/** Reports a section about instances where no environment has any. */
function reportUseless(architecture: Architecture, section: SpecPath, report: Report): void {
  const { spec } = architecture;
  const isUnknown = [["cluster", "capacity"], ["vpn"]].some((path) => isPruned(spec, path));
  if (valueAt(spec, section) === undefined || isUnknown) return;
  if (architecture.placements.some((placement) => hasInstances(architecture, placement))) return;
  report({
    code: "unfit-key",
    message: `\`${formatPath(section)}\` is for instances, and no environment has any`,
    help: "they come with `capacity: ec2` in `cluster`, or with a `vpn`",
    at: inSpec(section, "key"),
  });
}
