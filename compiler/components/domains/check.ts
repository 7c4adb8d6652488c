/** What no schema can say of domains: whose they are, who delegates them, and whether that is possible. */
import { type Architecture, domainOf, regionsOf } from "../../architecture.ts";
import { type Diagnostic, inSpec, type Report } from "../../diagnostics.ts";
import type { SpecPath } from "../../path.ts";
import type { Spec } from "../../spec.ts";
import { type DomainsSettings, delegatorsOf, domainsIn, domainsPath, internalNameIn } from "./settings.ts";

export function checkDomains(architecture: Architecture, report: Report): void {
  const domains = domainsIn(architecture);
  checkEnvironments(architecture.spec, domains, report);
  for (const [name, { environment }] of Object.entries(domains)) {
    checkOwner(architecture.spec, name, environment, report);
    checkDelegates(architecture.spec, domains, name, report);
  }
}

const placeOf = (environment: string): SpecPath => ["environments", environment, "domain"];

const isBelow = (name: string, parent: string): boolean => name.endsWith(`.${parent}`);

/** Each domain belongs to one environment, in one Region, and somebody tells the world who answers for it. */
function checkEnvironments(spec: Spec, domains: DomainsSettings, report: Report): void {
  checkTaken(spec, report);
  for (const environment of Object.keys(spec.environments)) {
    const name = domainOf(spec, environment);
    if (name === undefined) continue;
    const regions = regionsOf(spec, environment);
    if (regions.length > 1) {
      report({
        code: "domain-regions",
        message: `\`${environment}\` has a domain and is in ${regions.length} Regions: the zone would be in one, and the others could not learn its id`,
        help: "make an environment of each Region, each with a domain of its own",
        at: inSpec(placeOf(environment)),
      });
    }
    if (!domains[name] && delegatorsOf(domains, environment).length === 0)
      reportUndelegated(environment, name, domains, report);
  }
}

/** No name is that of two: neither a domain nor that of the internal load balancer in one. */
function checkTaken(spec: Spec, report: Report): void {
  const names = Object.keys(spec.environments).flatMap((environment) => {
    const name = domainOf(spec, environment);
    return name === undefined ? [] : [{ environment, name }];
  });
  names.forEach(({ environment, name }, index) => {
    const taken = (other: string, message: string) =>
      report({
        code: "domain-taken",
        message,
        help: "give each a domain of its own",
        at: inSpec(placeOf(environment)),
        related: [{ at: inSpec(placeOf(other)), message: "the other" }],
      });
    const twin = names.slice(0, index).find((other) => other.name === name)?.environment;
    if (twin !== undefined) taken(twin, `\`${environment}\` and \`${twin}\` have the same domain`);
    const outer = names.find((other) => internalNameIn(other.name) === name)?.environment;
    if (outer !== undefined) {
      const what = `what the internal load balancer of \`${outer}\` is called`;
      taken(outer, `\`${name}\`, the domain of \`${environment}\`, is ${what}`);
    }
  });
}

function reportUndelegated(
  environment: string,
  name: string,
  domains: DomainsSettings,
  report: Report,
): void {
  const parent = Object.keys(domains)
    .filter((other) => isBelow(name, other))
    .sort((a, b) => b.length - a.length)[0];
  report({
    code: "domain-undelegated",
    message: `nobody tells the world who answers for \`${name}\`, so that no certificate could be issued for it`,
    help: parent
      ? `add \`${environment}\` to \`domains.${parent}.delegates\``
      : `\`domains: { ${name}: { environment: ${environment} } }\` makes it a domain that is registered or delegated outside of this spec`,
    at: inSpec(placeOf(environment)),
  });
}

/** A domain is that of its environment, or else nobody would use it. */
function checkOwner(spec: Spec, name: string, environment: string, report: Report): void {
  if (!spec.environments[environment]) return;
  const own = domainOf(spec, environment);
  if (own === name) return;
  const subject = `nobody uses \`${name}\``;
  const common = {
    help: `say \`domain: ${name}\` in \`environments.${environment}\`, or name the environment that has it`,
    at: inSpec([...domainsPath, name], "key"),
  };
  if (own === undefined)
    report({ code: "domain-missing", message: `${subject}: \`${environment}\` has no domain`, ...common });
  else {
    report({
      code: "domain-unused",
      message: `${subject}: the domain of \`${environment}\` is \`${own}\``,
      ...common,
      related: [{ at: inSpec(placeOf(environment)), message: "its domain" }],
    });
  }
}

function checkDelegates(spec: Spec, domains: DomainsSettings, name: string, report: Report): void {
  const { environment, delegates = [] } = domains[name] ?? { environment: "" };
  delegates.forEach((delegate, index) => {
    const trouble = troubleWith(spec, domains, name, environment, delegate);
    if (trouble) report({ at: inSpec([...domainsPath, name, "delegates", index]), ...trouble });
  });
}

/** Why a domain can't be delegated; undefined where it can. */
function troubleWith(
  spec: Spec,
  domains: DomainsSettings,
  parent: string,
  owner: string,
  delegate: string,
): Pick<Diagnostic, "code" | "message" | "help"> | undefined {
  const code = "domain-delegation";
  const own = domainOf(spec, delegate);
  if (own === undefined) {
    return {
      code: "domain-missing",
      message: `\`${delegate}\` has no domain that could be delegated`,
      help: `say \`domain: ${delegate}.${parent}\` in \`environments.${delegate}\``,
    };
  }
  if (!isBelow(own, parent)) {
    return {
      code,
      message: `\`${own}\`, the domain of \`${delegate}\`, is not below \`${parent}\``,
      help: `a domain below it ends in \`.${parent}\``,
    };
  }
  const [first] = delegatorsOf(domains, delegate);
  if (first !== undefined && first !== parent) {
    return { code, message: `\`${first}\` delegates to \`${delegate}\` too`, help: "keep one of them" };
  }
  if (domains[own]?.["zone-id"] !== undefined) {
    return {
      code,
      message: `the name servers of \`${own}\` are not known here, since its zone was there before`,
      help: `delegate it by hand, and take \`${delegate}\` out of this list`,
    };
  }
  const [here] = regionsOf(spec, owner);
  const [there] = regionsOf(spec, delegate);
  if (spec.environments[owner] && here !== there) {
    return {
      code,
      message: `\`${owner}\`, in ${here}, can't read the name servers of \`${delegate}\`, which is in ${there}`,
      help: "a value of another account can be read in the same Region only; delegate it by hand, as a domain of its own",
    };
  }
  return undefined;
}
