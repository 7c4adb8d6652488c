/** Where another version of a service is to be said so that some environments get it and no others. */
import { type Architecture, originOf, placementsWith, settingsIn } from "../compiler/architecture.ts";
import { quoteList } from "../compiler/closest.ts";
import { type ServiceSettings, servicesOf, servicesPath } from "../compiler/components/services/settings.ts";
import type { SpecPath } from "../compiler/path.ts";
import { schemaAt } from "../compiler/schema.ts";
import { showName, showValue } from "../compiler/wording.ts";
import { UsageError } from "./exit.ts";
import { unknownName } from "./unknown-name.ts";

/** A place of the spec that says a version, or is to say it, for some environments. */
export interface Release {
  readonly path: SpecPath;
  readonly environments: readonly string[];
  /** The version they have. */
  readonly from: string;
}

/** Where the version of a service stands that environments have which say none of their own. */
export const versionPath = (service: string): SpecPath => [...servicesPath, service, "version"];

export interface Releases {
  /** The places where the version is to change, or is that already. */
  readonly meant: readonly Release[];
  /** Where environments that were not named keep a version of their own. */
  readonly kept: readonly Release[];
}

/**
 * @param named the environments that are to get the version; where absent, all that have none of their own
 * @throws UsageError where a name names nothing, or the version can't be one
 */
export function findReleases(
  architecture: Architecture,
  service: string,
  version: string,
  named: readonly string[] | undefined,
): Releases {
  const services = servicesOf(architecture);
  if (!services.includes(service)) throw unknownName("service", service, services);
  const path = [...servicesPath, service];
  checkVersion(version, versionPath(service));
  const all = versionsOf(architecture, path);
  if (named) {
    const meant = [...new Set(named)].map((environment) => {
      const own = all.find(({ environments }) => environments.includes(environment));
      if (!own) throw absent(architecture, service, environment, all);
      return own.isOwn ? own : { ...own, path: [...path, "in", environment, "version"] };
    });
    return { meant, kept: [] };
  }
  const { version: from } = settingsIn(architecture.spec, path) as unknown as ServiceSettings;
  const followers = all.filter(({ isOwn }) => !isOwn).flatMap(({ environments }) => environments);
  return {
    meant: [{ path: versionPath(service), environments: followers, from }],
    kept: all.filter(({ isOwn }) => isOwn),
  };
}

/** The version in each environment; `isOwn` says that a delta of the environment's decides it. */
function versionsOf(architecture: Architecture, path: SpecPath): (Release & { readonly isOwn: boolean })[] {
  const { spec } = architecture;
  const environments = new Set(placementsWith(architecture, path).map(({ environment }) => environment));
  return [...environments].map((environment) => {
    const { version } = settingsIn(spec, path, environment) as unknown as ServiceSettings;
    const origin = originOf(spec, path, environment, ["version"]);
    return { environments: [environment], from: version, path: origin.path, isOwn: origin.by === "delta" };
  });
}

function checkVersion(version: string, path: SpecPath): void {
  const { pattern = "", patternMeaning } = schemaAt(path) ?? {};
  if (new RegExp(pattern).test(version)) return;
  throw new UsageError(`${showValue(version)} can't be a version; one is ${patternMeaning}`);
}

function absent(
  { spec }: Architecture,
  service: string,
  environment: string,
  all: readonly Release[],
): UsageError {
  const known = Object.keys(spec.environments);
  if (!known.includes(environment)) return unknownName("environment", environment, known);
  const places = all.flatMap(({ environments }) => environments);
  return new UsageError(
    `${showName(service)} is not in ${showName(environment)}; it is in ${quoteList(places)}`,
  );
}
