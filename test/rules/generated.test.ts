/**
 * The security rules over everything that is generated. Judged is what each target gets: it is all that a merged template
 * can become (the law of merge), with the value itself where the merged one has a look-up, which rules can't follow.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { everything } from "../support/everything.ts";
import { exceptions, isAbout } from "./exceptions.ts";
import { judge, TIMEOUT, unavailable, type Verdict } from "./guard.ts";

const { received } = everything();

describe.skipIf(unavailable)(
  `the rules over everything${unavailable ? ` (skipped: ${unavailable})` : ""}`,
  () => {
    let verdicts: ReadonlyMap<string, Verdict>;
    beforeAll(() => {
      verdicts = new Map(judge(received).map((verdict) => [verdict.name, verdict]));
    }, TIMEOUT);

    test.each(received.map(({ name }) => name))("%s", (name) => {
      const failed = verdicts
        .get(name)
        ?.failed.filter((finding) => !exceptions.some((exception) => isAbout(exception, name, finding)));
      expect(failed).toEqual([]);
    });

    test("every exception is needed", () => {
      const needless = exceptions.filter(
        (exception) =>
          ![...verdicts.values()].some(({ name, failed }) =>
            failed.some((finding) => isAbout(exception, name, finding)),
          ),
      );
      expect(needless).toEqual([]);
    });
  },
);
