/** Whether events are those of patterns, by moto's EventBridge. */
import type { Json, JsonObject } from "../../compiler/schema.ts";
import { installedTools, runTool, script } from "./tools.ts";

/** An event, and the pattern of a rule. */
export interface MatchRequest {
  readonly pattern: Json;
  readonly event: JsonObject;
}

/** Judges all in one process, in their order. */
export async function matchEvents(requests: readonly MatchRequest[]): Promise<boolean[]> {
  const args = ["-BE", script("match_events.py")];
  const { code, stdout, stderr } = await runTool(installedTools().python, args, JSON.stringify(requests));
  if (code !== 0) throw new Error(stderr.trim());
  return JSON.parse(stdout);
}
