/** The commands that talk to AWS: a bundle of their own, since the SDK is larger than all the rest. */
export { bootstrapCommand } from "./bootstrap.ts";
export { deployCommand } from "./deploy.ts";
export { driftCommand } from "./drift.ts";
export { planCommand } from "./plan.ts";
export { publishCommand } from "./publish.ts";
export { removeCommand } from "./remove.ts";
export { statusCommand } from "./status.ts";
