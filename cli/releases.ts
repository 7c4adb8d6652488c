/** Where another version of an image is to be said so that some environments get it and no others. */
import {
  type Architecture,
  namesOf,
  originOf,
  placementsWith,
  settingsIn,
} from "../compiler/architecture.ts";
import { quoteList } from "../compiler/closest.ts";
import { functionsPath } from "../compiler/components/functions/settings.ts";
import { servicesPath } from "../compiler/components/services/settings.ts";
import type { SpecPath } from "../compiler/path.ts";
import { schemaAt } from "../compiler/schema.ts";
import { showName, showValue } from "../compiler/wording.ts";
import { UsageError } from "./exit.ts";
import { unknownName } from "./unknown-name.ts";

/** A place of the spec that says a version, or is to say it, for some environments. */
export interface Release {
  readonly path: SpecPath;
  readonly environments: readonly string[];
  /** The version they have; absent where there is none yet. */
  readonly from?: string;
}

export interface Releases {
  /** The service, or the function with an image. */
  readonly path: SpecPath;
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
  name: string,
  version: string,
  named: readonly string[] | undefined,
): Releases {
  const paths = pathsWithImage(architecture);
  const path = paths.get(name);
  if (!path) throw unknownName("service or function with an image", name, [...paths.keys()]);
  const general = [...path, "version"];
  checkVersion(version, general);
  const all = versionsOf(architecture, path);
  if (named) {
    const meant = [...new Set(named)].map((environment) => {
      const own = all.find(({ environments }) => environments.includes(environment));
      if (!own) throw absent(architecture, name, environment, all);
      return own.isOwn ? own : { ...own, path: [...path, "in", environment, "version"] };
    });
    return { path, meant, kept: [] };
  }
  const followers = all.filter(({ isOwn }) => !isOwn).flatMap(({ environments }) => environments);
  const from = imageOf(architecture, path).version;
  return {
    path,
    meant: [{ path: general, environments: followers, ...(from !== undefined && { from }) }],
    kept: all.filter(({ isOwn }) => isOwn),
  };
}

/** What has a version, by name: `uses` says the name alone, so no service is called like a function. */
function pathsWithImage(architecture: Architecture): ReadonlyMap<string, SpecPath> {
  const paths = [servicesPath, functionsPath].flatMap((section) =>
    namesOf(architecture, section).map((name): SpecPath => [...section, name]),
  );
  const environments = [undefined, ...Object.keys(architecture.spec.environments)];
  const withImage = paths.filter((path) =>
    environments.some((environment) => imageOf(architecture, path, environment).image !== undefined),
  );
  return new Map(withImage.map((path) => [String(path.at(-1)), path]));
}

const imageOf = ({ spec }: Architecture, path: SpecPath, environment?: string) =>
  settingsIn(spec, path, environment) as { readonly image?: string; readonly version?: string };

/** The version in each environment; `isOwn` says that a delta of the environment's decides it. */
function versionsOf(architecture: Architecture, path: SpecPath): (Release & { readonly isOwn: boolean })[] {
  const environments = new Set(placementsWith(architecture, path).map(({ environment }) => environment));
  return [...environments].map((environment) => {
    const { version: from } = imageOf(architecture, path, environment);
    const origin = originOf(architecture.spec, path, environment, ["version"]);
    const isOwn = origin.by === "delta";
    return { environments: [environment], path: origin.path, isOwn, ...(from !== undefined && { from }) };
  });
}

function checkVersion(version: string, path: SpecPath): void {
  const { pattern = "", patternMeaning } = schemaAt(path) ?? {};
  if (new RegExp(pattern).test(version)) return;
  throw new UsageError(`${showValue(version)} can't be a version; one is ${patternMeaning}`);
}

function absent(
  { spec }: Architecture,
  name: string,
  environment: string,
  all: readonly Release[],
): UsageError {
  const known = Object.keys(spec.environments);
  if (!known.includes(environment)) return unknownName("environment", environment, known);
  const places = all.flatMap(({ environments }) => environments);
  return new UsageError(
    `${showName(name)} is not in ${showName(environment)}; it is in ${quoteList(places)}`,
  );
}
