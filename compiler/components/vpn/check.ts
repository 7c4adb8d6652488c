/** What no schema can say of the VPN's server: its clients have addresses that nothing else has, and their ways have room. */
import { type Architecture, placementsWith, settingsIn, valueAt } from "../../architecture.ts";
import { overlaps, prefixOf, rangeOfCidr } from "../../cidr.ts";
import { inSpec, type Report } from "../../diagnostics.ts";
import { describeLimit, MOST_GROUP_RULES } from "../../output/limits.ts";
import { vpnPath } from "../connectivity/settings.ts";
import { networkPath, settingsOf, zonesOf } from "../network/settings.ts";
import type { ServerSettings } from "./settings.ts";

/** As OpenVPN divides the range among clients. */
const LONGEST = 29;

export function checkVpn(architecture: Architecture, report: Report): void {
  const { spec } = architecture;
  if (valueAt(spec, vpnPath) === undefined) return;
  // What is wrong is left out.
  const { clients, environment, reaches = [] } = settingsIn(spec, vpnPath) as Partial<ServerSettings>;
  checkRoom(architecture, [environment, ...reaches], report);
  if (clients !== undefined) checkClients(architecture, clients, report);
}

/** Egress to the internet, besides that to each private subnet. */
const OTHER_RULES = 2;

function checkRoom(
  architecture: Architecture,
  reached: readonly (string | undefined)[],
  report: Report,
): void {
  const subnets = architecture.placements
    .filter(({ environment }) => reached.includes(environment))
    .reduce((count, placement) => count + zonesOf(architecture, placement), 0);
  const finding = describeLimit({
    subject: "the security group of the VPN's server",
    what: "rules for where clients get to",
    most: MOST_GROUP_RULES,
    count: OTHER_RULES + subnets,
    help: "let the VPN reach fewer environments, or give these fewer zones",
    at: inSpec([...vpnPath, "reaches"], "key"),
  });
  if (finding) report(finding);
}

function checkClients(architecture: Architecture, clients: string, report: Report): void {
  const at = inSpec([...vpnPath, "clients"]);
  if (prefixOf(clients) > LONGEST) {
    report({
      code: "vpn-clients",
      message: `\`${clients}\` has no room for clients`,
      help: `take a range of /${LONGEST} or wider`,
      at,
    });
  }
  const taken = takenBy(architecture).find(([, cidr]) => overlaps(rangeOfCidr(clients), rangeOfCidr(cidr)));
  if (taken) {
    const [whose, cidr] = taken;
    report({
      code: "vpn-clients",
      message: `the addresses of clients, \`${clients}\`, overlap ${whose}, \`${cidr}\``,
      help: "take a range that is used nowhere, such as one of 100.64.0.0/10",
      at,
    });
  }
}

/** The ranges that networks have or may have. */
function takenBy(architecture: Architecture): readonly (readonly [string, string])[] {
  return placementsWith(architecture, networkPath).flatMap((placement) => {
    const { supernet, reserved, cidr } = settingsOf(architecture, placement);
    const own = typeof cidr === "string" ? [cidr] : Object.values(cidr ?? {});
    return [
      ["the `supernet` of networks", supernet] as const,
      ...Object.entries(reserved).map(
        ([name, range]) => [`what is reserved for \`${name}\``, range] as const,
      ),
      ...own.map((range) => [`the network of \`${placement.environment}\``, range] as const),
    ];
  });
}
