/** What no schema can say of whom the VPN reaches: each has a network, and lies in the Region of the VPN. */
import { type Architecture, type Placement, settingsIn, valueAt } from "../../architecture.ts";
import { quoteList } from "../../closest.ts";
import { type Diagnostic, inSpec, type Report } from "../../diagnostics.ts";
import { zonesOf } from "../network/settings.ts";
import { type VpnSettings, vpnPath } from "./settings.ts";

export function checkConnectivity(architecture: Architecture, report: Report): void {
  const { spec, placements } = architecture;
  if (valueAt(spec, vpnPath) === undefined) return;
  // What is wrong is left out.
  const { environment, reaches = [] } = settingsIn(spec, vpnPath) as Partial<VpnSettings>;
  const own = placements.filter((placement) => placement.environment === environment);
  const [from] = own;
  if (!from) return;
  checkEnvironment(architecture, from, own, report);
  reaches.forEach((reached, index) => {
    const trouble = troubleWith(architecture, from, reached);
    if (trouble) report({ code: "vpn-reach", at: inSpec([...vpnPath, "reaches", index]), ...trouble });
  });
}

function checkEnvironment(
  architecture: Architecture,
  { environment }: Placement,
  own: readonly Placement[],
  report: Report,
): void {
  const at = inSpec([...vpnPath, "environment"]);
  if (own.length > 1) {
    report({
      code: "vpn-environment",
      message: `\`${environment}\` is in ${own.length} Regions, and the VPN's server can be in one only`,
      help: "name an environment that has one Region",
      at,
    });
  }
  if (own.some((placement) => zonesOf(architecture, placement) === 0)) {
    report({
      code: "vpn-environment",
      message: `\`${environment}\` has no network that the VPN's server could be in`,
      help: `add \`${environment}\` to the environments of \`network\`, or name another environment`,
      at,
    });
  }
}

/** Why an environment can't be reached; undefined where it can. */
function troubleWith(
  architecture: Architecture,
  from: Placement,
  reached: string,
): Pick<Diagnostic, "message" | "help"> | undefined {
  if (reached === from.environment) {
    return {
      message: `\`${reached}\` is where the VPN's server is, which it reaches anyway`,
      help: "take it out of this list",
    };
  }
  const there = architecture.placements.filter(({ environment }) => environment === reached);
  const elsewhere = there.map(({ region }) => region).filter((region) => region !== from.region);
  if (elsewhere.length > 0) {
    return {
      message: `\`${reached}\` is in ${quoteList(elsewhere)}, and the VPN, in \`${from.environment}\`, reaches nothing outside of \`${from.region}\``,
      help: "a transit gateway joins networks of one Region: name environments that are in that Region alone",
    };
  }
  if (there.some((placement) => zonesOf(architecture, placement) === 0)) {
    return {
      message: `\`${reached}\` has no network that could be reached`,
      help: `add \`${reached}\` to the environments of \`network\`, or take it out of this list`,
    };
  }
  return undefined;
}
