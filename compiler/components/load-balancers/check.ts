/** What no schema can say of load balancers: they need a domain for their certificate, and two zones. */
import {
  type Architecture,
  domainOf,
  type Placement,
  placementsWith,
  settingsIn,
  valueAt,
} from "../../architecture.ts";
import { type Diagnostic, inSpec, type Place, type Report } from "../../diagnostics.ts";
import type { SpecPath } from "../../path.ts";
import type { Spec } from "../../spec.ts";
import { zonesOf } from "../network/settings.ts";
import { KINDS, type LoadBalancersSettings, loadBalancersPath } from "./settings.ts";

/** The fewest zones AWS lets a load balancer be in. */
const FEWEST_ZONES = 2;

export function checkLoadBalancers(architecture: Architecture, report: Report): void {
  const { spec } = architecture;
  const asked = placementsWith(architecture, loadBalancersPath).filter((placement) =>
    isAsked(spec, placement),
  );
  const hasDomain = ({ environment }: Placement) => domainOf(spec, environment) !== undefined;
  const without = asked.filter((placement) => !hasDomain(placement));
  const named = without.flatMap(({ environment }) => placeOf(spec, environment) ?? []);
  for (const { environment } of without) {
    const at = placeOf(spec, environment);
    if (at)
      report(
        missing(environment, `\`${environment}\` is to have load balancers, and has no domain`, inSpec(at)),
      );
  }
  // Asked for in general, they are only where there is a domain; but somewhere they should be.
  if (named.length === 0 && without[0] && !asked.some(hasDomain)) {
    const message = "load balancers are only in environments that have a domain, and none has";
    report(missing(without[0].environment, message, inSpec(loadBalancersPath, "key")));
  }
  for (const placement of asked.filter(hasDomain)) checkZones(architecture, placement, report);
}

function missing(environment: string, message: string, at: Place): Diagnostic {
  const help = `their certificates need one: say \`domain: …\` in \`environments.${environment}\`, and who delegates it in \`domains\``;
  return { code: "domain-missing", message, help, at };
}

function isAsked(spec: Spec, { environment }: Placement): boolean {
  const settings = settingsIn(
    spec,
    loadBalancersPath,
    environment,
  ) as unknown as LoadBalancersSettings | null;
  return settings !== null && KINDS.some((kind) => settings[kind].enabled);
}

/** Where load balancers are asked for in this very environment; undefined where only in general. */
function placeOf(spec: Spec, environment: string): SpecPath | undefined {
  const only = valueAt(spec, [...loadBalancersPath, "environments"]);
  const named = Array.isArray(only) ? only.indexOf(environment) : -1;
  const paths: SpecPath[] = [
    ["environments", environment, ...loadBalancersPath],
    [...loadBalancersPath, "in", environment],
    [...loadBalancersPath, "environments", named],
  ];
  return paths.find((path) => valueAt(spec, path) !== undefined);
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer */
function checkZones(architecture: Architecture, placement: Placement, report: Report): void {
  const zones = zonesOf(architecture, placement);
  if (zones >= FEWEST_ZONES) return;
  report({
    code: "load-balancer-zones",
    message: `a load balancer needs ${FEWEST_ZONES} Availability Zones, and the network of \`${placement.environment}\` has ${zones === 0 ? "none" : zones}`,
    help:
      zones === 0
        ? "add the environment to those of the network, or say `load-balancers: { public: false, internal: false }` in it"
        : `say \`network: { azs: ${FEWEST_ZONES} }\` in \`environments.${placement.environment}\``,
    at: inSpec(["environments", placement.environment], "key"),
  });
}
