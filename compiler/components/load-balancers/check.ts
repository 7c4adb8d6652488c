/** What no schema can say of load balancers: they need a domain for their certificate, two zones, and not too many rules. */
import {
  type Architecture,
  domainOf,
  originOf,
  type Placement,
  placementsWith,
  placeOfSetting,
  valueAt,
} from "../../architecture.ts";
import { reportConfusable } from "../../confusable-names.ts";
import type { Demand } from "../../demands.ts";
import { type Diagnostic, inSpec, type Place, type Report, reportOnce } from "../../diagnostics.ts";
import { describeLimit, MOST_GROUP_RULES } from "../../output/limits.ts";
import type { SpecPath } from "../../path.ts";
import type { Spec } from "../../spec.ts";
import { zonesOf } from "../network/settings.ts";
import { hostsIn, KINDS, type Kind, kindsIn, loadBalancersPath, settingsOf } from "./settings.ts";

/** The fewest zones AWS lets a load balancer be in. */
const FEWEST_ZONES = 2;

/** Rules of a listener besides its default, and target groups of a load balancer: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_RULES = 100;
const MOST_TARGET_GROUPS = 100;

export function checkLoadBalancers(architecture: Architecture, report: Report): void {
  checkAsked(architecture, report);
  const once = reportOnce(report);
  checkDemanded(architecture, once);
  for (const placement of placementsWith(architecture, loadBalancersPath)) {
    const kinds = kindsIn(architecture, placement);
    if (kinds.length > 0) checkZones(architecture, placement, report);
    for (const kind of kinds) checkLimits(architecture, placement, kind, report);
    checkHosts(architecture, placement, once);
  }
}

/** Those the spec asks for, whatever is on them. */
function checkAsked(architecture: Architecture, report: Report): void {
  const { spec } = architecture;
  const asked = placementsWith(architecture, loadBalancersPath).filter((placement) => {
    const settings = settingsOf(architecture, placement);
    return KINDS.some((kind) => settings[kind].enabled);
  });
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
}

/** Who wants requests gets them only from a load balancer that is there. */
function checkDemanded(architecture: Architecture, report: Report): void {
  const { spec, demands } = architecture;
  for (const { placement, path, routes = [] } of demands) {
    const { environment } = placement;
    for (const { balancer } of routes) {
      const hasDomain = domainOf(spec, environment) !== undefined;
      if (hasDomain && !isOff(architecture, placement, balancer)) continue;
      const at = inSpec(originOf(spec, path, environment, [balancer]).path);
      const subject = `\`${path.at(-1)}\` is ${balancer} in \`${environment}\``;
      if (!hasDomain) {
        report(missing(environment, `${subject}, which has no domain`, at));
      } else {
        const off = originOf(spec, loadBalancersPath, environment, [balancer]);
        report({
          code: "unusable",
          message: `${subject}, where there is to be no ${balancer} load balancer`,
          help: "take one of the two back",
          at,
          related: off.by === "schema" ? [] : [{ at: inSpec(off.path), message: "switched off here" }],
        });
      }
    }
  }
}

/** What is demanded is there, if nobody says otherwise. */
const isOff = (architecture: Architecture, placement: Placement, kind: Kind): boolean =>
  settingsOf(architecture, placement)[kind].enabled === false ||
  !placementsWith(architecture, loadBalancersPath).includes(placement);

function missing(environment: string, message: string, at: Place): Diagnostic {
  const help = `their certificates need one: say \`domain: …\` in \`environments.${environment}\`, and who delegates it in \`domains\``;
  return { code: "domain-missing", message, help, at };
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

/** Each path is a rule; who deploys in stages has two target groups; what lies in the network has a way to it. */
function checkLimits({ demands }: Architecture, placement: Placement, kind: Kind, report: Report): void {
  const routesOf = ({ routes = [] }: Demand) => routes.filter(({ balancer }) => balancer === kind);
  const own = demands.filter((demand) => demand.placement === placement && routesOf(demand).length > 0);
  const limit = (what: string, most: number, count: number) => {
    const finding = describeLimit({
      subject: `the ${kind} load balancer of \`${placement.name}\``,
      what,
      most,
      isQuota: true,
      count,
      help: "put several services behind one path, or some of them into an environment of their own",
      at: inSpec(["environments", placement.environment], "key"),
    });
    if (finding) report(finding);
  };
  limit("listener rules", MOST_RULES, own.flatMap(routesOf).length);
  limit(
    "target groups",
    MOST_TARGET_GROUPS,
    own.reduce((count, { targetGroups = 1 }) => count + targetGroups, 0),
  );
  // One of them leads nowhere.
  limit(
    "rules in its security group",
    MOST_GROUP_RULES,
    1 + own.filter(({ isInNetwork }) => isInNetwork).length,
  );
}

/** A name before the domain is nobody else's domain, and no two are one in logical IDs. */
function checkHosts(architecture: Architecture, placement: Placement, report: Report): void {
  const { spec } = architecture;
  const hosts = hostsIn(architecture, placement).map(({ host, path }) => ({
    name: host,
    at: placeOfSetting(spec, path, placement.environment, ["public", "host"]),
  }));
  reportConfusable(hosts, report, "hyphens");
  for (const { name, at } of hosts) {
    const full = `${name}.${domainOf(spec, placement.environment)}`;
    const other = Object.keys(spec.environments).find((environment) => domainOf(spec, environment) === full);
    if (other === undefined) continue;
    report({
      code: "domain-taken",
      message: `\`${full}\` is the domain of \`${other}\``,
      help: "choose another `host`",
      at,
      related: [{ at: inSpec(["environments", other, "domain"]), message: "the other" }],
    });
  }
}
