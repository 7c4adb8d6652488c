/** What is wrong with a database that the schema can't say. */
import { inSpec } from "../../../diagnostics.ts";
import type { Checked } from "../check.ts";
import { storageOf, storesPath } from "../settings.ts";
import { checkWindows } from "../windows.ts";
import { identifierOf, LONGEST_IDENTIFIER, replicaIdentifier } from "./identifiers.ts";

/** Those RDS has: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html */
const VERSIONS = ["14", "15", "16", "17", "18"];

/** GiB of gp3: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html */
const LEAST_STORAGE = 20;
const MOST_STORAGE = 65_536;
/** How much more than it begins with it must be allowed to grow to, if it may grow. */
const LEAST_GROWTH = 1.1;

/** Minutes RDS needs at least for a window. */
const SHORTEST_WINDOW = 30;

export function checkDatabase(checked: Checked): void {
  const { settings, placeOf, report } = checked;
  const bad = (key: string, message: string, help: string) =>
    report({ code: "bad-value", message, help, at: placeOf(key) });
  if (!VERSIONS.includes(settings.version ?? "")) {
    const known = `${VERSIONS[0]} to ${VERSIONS.at(-1)}`;
    bad(
      "version",
      `\`${settings.version}\` is no major version of PostgreSQL that RDS has`,
      `there are ${known}`,
    );
  }
  if (!settings.class?.startsWith("db.")) {
    bad(
      "class",
      `\`${settings.class}\` is not a class of databases`,
      "they begin with `db.`, such as `db.t4g.medium`",
    );
  }
  checkStorage(checked, bad);
  checkWindows(checked, "RDS", SHORTEST_WINDOW, ["backup-window", "maintenance-window"]);
  checkIdentifier(checked);
  checkSnapshot(checked, bad);
}

type Bad = (key: string, message: string, help: string) => void;

function checkStorage({ settings: { storage = "" } }: Checked, bad: Bad): void {
  const { initial, maximum } = storageOf(storage);
  if (initial < LEAST_STORAGE || maximum > MOST_STORAGE) {
    bad(
      "storage",
      `${storage} GiB are out of range: ${LEAST_STORAGE} to ${MOST_STORAGE} are allowed`,
      "it is in GiB",
    );
  } else if (storage.includes("-") && maximum < initial * LEAST_GROWTH) {
    const range = maximum < initial ? [maximum, initial] : [initial, Math.ceil(initial * LEAST_GROWTH)];
    bad(
      "storage",
      `RDS wants storage that grows to grow by a tenth or more`,
      `\`${range.join("-")}\` would do`,
    );
  }
}

function checkIdentifier({ name, store, settings, report }: Checked): void {
  const { replicas } = settings;
  const longest = replicas > 0 ? replicaIdentifier(name, store, replicas) : identifierOf(name, store);
  if (longest.length <= LONGEST_IDENTIFIER) return;
  report({
    code: "bad-name",
    message: `\`${longest}\` would be its name in AWS and has ${longest.length} characters; RDS allows ${LONGEST_IDENTIFIER}`,
    help: "choose a shorter name for the store",
    at: inSpec([...storesPath, store], "key"),
  });
}

/**
 * RDS restores no encrypted snapshot of another account, only a copy of it:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
 */
function checkSnapshot({ settings: { snapshot = "" }, store, placement }: Checked, bad: Bad): void {
  const [, , , region, account] = snapshot.split(":");
  if (account === undefined || (region === placement.region && account === placement.account.id)) return;
  bad(
    "snapshot",
    `\`${store}\` is in ${placement.account.id} and ${placement.region} in \`${placement.environment}\`, and the snapshot in ${account} and ${region}`,
    "an encrypted snapshot of another account or Region can't be restored: copy it there, with a key of that account, and name the copy",
  );
}
