/** What is live and not in the spec any more, beside the report of something else. */
import { explain } from "../../deploy/errors.ts";
import { forsakenStackSets } from "../../deploy/removable.ts";
import type { Session } from "./session.ts";

/** Names of stack sets, or why they could not be looked for. */
export interface Forsaken {
  readonly names: readonly string[];
  readonly blind?: string;
}

/** That it can't be looked for is no reason to hide the report. */
export async function lookForForsaken({ aws, manifest }: Session): Promise<Forsaken> {
  try {
    return { names: (await forsakenStackSets(aws, manifest)).map(({ stackSetName }) => stackSetName) };
  } catch (error) {
    const blind = explain(error);
    if (blind === undefined) throw error;
    return { names: [], blind: `what left the spec could not be looked for: ${blind}` };
  }
}
